package io.vitals.gitops.argocd;

import com.googlecode.aviator.runtime.function.FunctionUtils;
import com.googlecode.aviator.runtime.type.AviatorBoolean;
import com.googlecode.aviator.runtime.type.AviatorObject;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Program;
import io.vitals.gitops.Yaml;
import org.casbin.jcasbin.main.Enforcer;
import org.casbin.jcasbin.model.Model;
import org.casbin.jcasbin.util.function.CustomFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** Who may do what, decided by the policy that Argo CD gets, with a model and globs as it has them. */
class RightsTest {
    private static final Path FILE = Program.ROOT.resolve("argocd/settings/configmap-argocd-rbac-cm.yaml");
    private static final Manifest SETTINGS = new Manifest(Yaml.read(FILE).getFirst());
    private static final Manifest ARGO_CD =
            new Manifest(Yaml.read(Program.ROOT.resolve("argocd/settings/configmap-argocd-cm.yaml"))
                    .getFirst());
    private static final Enforcer ENFORCER =
            enforcer(SETTINGS.at("/data").path("policy.csv").asText());

    @ParameterizedTest(name = "{0} {1} {2} {3}: {4}")
    @CsvSource(textBlock = Decisions.TABLE)
    void isDecided(String subject, String resource, String action, String object, String decision) {
        assertThat(ENFORCER.enforce(subject, resource, action, object)).isEqualTo(decision.equals("allow"));
    }

    /** What it would come to if on-call could write: the table above sees it. */
    @Test
    void aWiderPolicyIsSeen() {
        String policy = SETTINGS.at("/data").path("policy.csv").asText();
        var wider = enforcer(policy + "\np, role:on-call, applications, *, apps-production/*, allow\n");
        assertThat(wider.enforce("vitals-on-call", "applications", "delete", "apps-production/production-health-api"))
                .isTrue();
    }

    /** Argo CD itself says that such a one is an admin, so the policy has to say that it is not. */
    @Test
    void aGroupThatIsCalledAdminWouldBeOne() {
        String policy = SETTINGS.at("/data").path("policy.csv").asText();
        var without = enforcer(policy.replace("p, admin, *, *, *, deny", ""));
        assertThat(without.enforce("admin", "applications", "delete", "apps-production/production-health-api"))
                .isTrue();
    }

    @Test
    void whoIsInNoGroupMayNothingAndNobodyIsAdminByName() {
        assertThat(SETTINGS.at("/data").path("policy.default").asText("missing"))
                .isEmpty();
        assertThat(SETTINGS.at("/data").path("policy.matchMode").asText()).isEqualTo("glob");
        assertThat(SETTINGS.at("/data").path("scopes").asText()).isEqualTo("[groups]");
        var settings = ARGO_CD.at("/data");
        assertThat(List.of(
                        settings.path("admin.enabled").asText(),
                        settings.path("users.anonymous.enabled").asText(),
                        settings.path("exec.enabled").asText()))
                .containsOnly("false");
        // A right to sync is not the right to run any commit; a right to go back is not the right to write.
        assertThat(settings.path("application.sync.requireOverridePrivilegeForRevisionSync")
                        .asText())
                .isEqualTo("true");
        assertThat(settings.path("server.rbac.rollback.enforce.enable").asText())
                .isEqualTo("true");
    }

    private static Enforcer enforcer(String policy) {
        var model = new Model();
        model.addDef("r", "r", "sub, res, act, obj");
        model.addDef("p", "p", "sub, res, act, obj, eft");
        model.addDef("g", "g", "_, _");
        model.addDef("e", "e", "some(where (p.eft == allow)) && !some(where (p.eft == deny))");
        model.addDef("m", "m", "g(r.sub, p.sub) && glob(r.res, p.res) && glob(r.act, p.act) && glob(r.obj, p.obj)");
        var enforcer = new Enforcer(model);
        enforcer.addFunction("glob", new Glob());
        // What Argo CD brings: an admin may everything, and so may who is called admin.
        enforcer.addPolicy("role:admin", "*", "*", "*", "allow");
        enforcer.addGroupingPolicy("admin", "role:admin");
        policy.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .forEach(line -> {
                    var parts =
                            Arrays.stream(line.split(",")).map(String::strip).toList();
                    boolean added = parts.getFirst().equals("p")
                            ? enforcer.addPolicy(parts.subList(1, parts.size()))
                            : enforcer.addGroupingPolicy(parts.subList(1, parts.size()));
                    assertThat(added).as("%s is new", line).isTrue();
                });
        return enforcer;
    }

    /** A star stands for everything, slashes too, as in Argo CD's glob without separators. */
    private static final class Glob extends CustomFunction {
        @java.io.Serial
        private static final long serialVersionUID = 1;

        @Override
        public String getName() {
            return "glob";
        }

        @Override
        public AviatorObject call(Map<String, Object> env, AviatorObject value, AviatorObject pattern) {
            String expression = Arrays.stream(
                            FunctionUtils.getStringValue(pattern, env).split("\\*", -1))
                    .map(Pattern::quote)
                    .reduce((left, right) -> left + ".*" + right)
                    .orElseThrow();
            return AviatorBoolean.valueOf(Pattern.matches(expression, FunctionUtils.getStringValue(value, env)));
        }
    }
}

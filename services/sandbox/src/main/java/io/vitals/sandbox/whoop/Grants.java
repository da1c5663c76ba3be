package io.vitals.sandbox.whoop;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.core.type.TypeReference;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Authorization codes and the grants that came of them. A grant is a family of token pairs of which one is alive; using a
 * refresh token (or a code) a second time ends the whole family. Tokens are kept as digests.
 */
final class Grants {
    private static final Duration CODE_LIFETIME = Duration.ofMinutes(5);

    private final Clock clock;
    private final SecureRandom random;
    private final @Nullable Path file;
    private final Map<String, Code> codes = new HashMap<>();
    private final List<Grant> grants = new ArrayList<>();
    private Duration lifetime;
    private long refreshes;
    private long familyRevocations;

    /** What an authorization code stands for. */
    record Code(
            long userId,
            String redirectUri,
            Set<String> scopes,
            @Nullable String challenge,
            Instant expires) {}

    /** A token pair as it is handed out; there is no refresh token without the scope offline. */
    record Tokens(String access, @Nullable String refresh, Set<String> scopes, Duration lifetime) {}

    /** A member's live access. */
    record Access(long userId, Set<String> scopes) {}

    /** An OAuth error of the token endpoint. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String error) {
            super(error);
        }
    }

    @JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY)
    private static final class Grant {
        long userId;
        String code = "";
        Set<String> scopes = Set.of();
        String access = "";
        long accessExpires;

        @Nullable
        String refresh;

        Set<String> consumed = new TreeSet<>();
        boolean revoked;
    }

    Grants(Clock clock, SecureRandom random, Duration lifetime, @Nullable Path file) {
        this.clock = clock;
        this.random = random;
        this.lifetime = lifetime;
        this.file = file;
        load();
    }

    synchronized String newCode(long userId, String redirectUri, Set<String> scopes, @Nullable String challenge) {
        String code = secret();
        codes.values().removeIf(c -> c.expires.isBefore(clock.instant()));
        codes.put(
                Hashes.sha256(code),
                new Code(userId, redirectUri, scopes, challenge, clock.instant().plus(CODE_LIFETIME)));
        return code;
    }

    synchronized Tokens redeem(String code, String redirectUri, @Nullable String verifier) throws Refused {
        String digest = Hashes.sha256(code);
        Code known = codes.remove(digest);
        if (known == null) {
            for (Grant grant : grants) {
                if (grant.code.equals(digest)) {
                    endFamily(grant);
                }
            }
            throw new Refused("invalid_grant");
        }
        boolean proven = known.challenge == null
                ? verifier == null
                : verifier != null && Hashes.equal(Hashes.sha256(verifier), known.challenge);
        if (known.expires.isBefore(clock.instant()) || !known.redirectUri.equals(redirectUri) || !proven) {
            throw new Refused("invalid_grant");
        }
        Grant grant = new Grant();
        grant.userId = known.userId;
        grant.code = digest;
        grant.scopes = known.scopes;
        grants.add(grant);
        return issue(grant);
    }

    synchronized Tokens refresh(String token, @Nullable Set<String> scopes) throws Refused {
        String digest = Hashes.sha256(token);
        for (Grant grant : grants) {
            if (grant.consumed.contains(digest)) {
                endFamily(grant);
                throw new Refused("invalid_grant");
            }
            if (!grant.revoked && digest.equals(grant.refresh)) {
                if (scopes != null && !grant.scopes.containsAll(scopes)) {
                    throw new Refused("invalid_scope");
                }
                grant.consumed.add(digest);
                refreshes++;
                return issue(grant);
            }
        }
        throw new Refused("invalid_grant");
    }

    /** The access behind a bearer token that is alive. */
    synchronized Optional<Access> access(String token) {
        String digest = Hashes.sha256(token);
        return grants.stream()
                .filter(g -> !g.revoked && g.access.equals(digest) && g.accessExpires > clock.millis())
                .map(g -> new Access(g.userId, g.scopes))
                .findFirst();
    }

    /** Ends every grant of a member; false when none was alive. */
    synchronized boolean revoke(long userId) {
        boolean alive = linked(userId);
        grants.removeIf(g -> g.userId == userId);
        save();
        return alive;
    }

    synchronized boolean linked(long userId) {
        return grants.stream().anyMatch(g -> g.userId == userId && !g.revoked);
    }

    synchronized void lifetime(Duration newLifetime) {
        lifetime = newLifetime;
    }

    /** Every access token expires now; refresh tokens stay good. */
    synchronized void expireAccess() {
        grants.forEach(g -> g.accessExpires = 0);
        save();
    }

    synchronized long refreshes() {
        return refreshes;
    }

    synchronized long familyRevocations() {
        return familyRevocations;
    }

    private Tokens issue(Grant grant) {
        String access = secret();
        String refresh = grant.scopes.contains("offline") ? secret() : null;
        grant.access = Hashes.sha256(access);
        grant.accessExpires = clock.instant().plus(lifetime).toEpochMilli();
        grant.refresh = refresh == null ? null : Hashes.sha256(refresh);
        save();
        return new Tokens(access, refresh, grant.scopes, lifetime);
    }

    private void endFamily(Grant grant) {
        if (!grant.revoked) {
            grant.revoked = true;
            familyRevocations++;
            save();
        }
    }

    private String secret() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private void load() {
        if (file == null || !Files.exists(file)) {
            return;
        }
        try {
            grants.addAll(WhoopJson.MAPPER.readValue(file.toFile(), new TypeReference<List<Grant>>() {}));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void save() {
        if (file == null) {
            return;
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path draft = file.resolveSibling(file.getFileName() + ".new");
            Files.write(draft, WhoopJson.MAPPER.writeValueAsBytes(grants));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

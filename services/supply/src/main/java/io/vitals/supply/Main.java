package io.vitals.supply;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * For the scripts that build images; runs in the root of the tree. {@code bom NAME ROOT,...} writes {@code services/NAME/target/bom.json} and
 * refuses a library that is not in {@code services/NAME/bom.lock} or under a licence that is not allowed; {@code lock NAME ROOT,...} writes
 * that lock too; {@code licences NAME...} writes {@code target/licences.md} from the bills.
 */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException {
        System.exit(run(Path.of(""), List.of(arguments), System.err));
    }

    /** The code to exit with: 0 when all holds, 1 when something is refused, 64 when the command is not understood. */
    static int run(Path tree, List<String> arguments, PrintStream err) throws IOException {
        if (arguments.size() < 2) {
            err.println("vitals: supply bom|lock|licences NAME...");
            return 64;
        }
        List<String> names = arguments.subList(1, arguments.size());
        try {
            return run(tree, arguments.getFirst(), names, err);
        } catch (Refusal refusal) {
            err.println("vitals: " + refusal.getMessage());
            return 1;
        }
    }

    private static int run(Path tree, String command, List<String> names, PrintStream err) throws IOException {
        List<String> faults = new ArrayList<>();
        switch (command) {
            case "bom", "lock" -> {
                List<Path> roots = Arrays.stream(names.getLast().split(","))
                        .map(tree::resolve)
                        .toList();
                ImageBom bom = new ImageBom(tree, names.getFirst());
                bom.write(roots);
                if (command.equals("lock")) {
                    bom.accept();
                }
                faults.addAll(bom.faults());
            }
            case "licences" -> LicenceReport.write(tree, names);
            default -> {
                err.println("vitals: supply knows bom, lock and licences, not " + command);
                return 64;
            }
        }
        faults.forEach(fault -> err.println("vitals: " + fault));
        return faults.isEmpty() ? 0 : 1;
    }
}

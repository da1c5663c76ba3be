package io.vitals.sandbox.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/**
 * Gives fresh volumes to the user that everything runs as: a container engine makes them as root's, and nothing else here runs
 * as root. One that the user has already stays as it is.
 */
record VolumeOwner(int user, List<Path> directories) {

    static VolumeOwner of(Map<String, String> given) {
        String to = given.getOrDefault("--to", "");
        if (!to.matches("[1-9][0-9]{0,8}")) {
            throw new LaunchFailure("--to takes the number of a user that is not root");
        }
        String directories = given.getOrDefault("--directories", "");
        if (!directories.matches("/[^,]+(,/[^,]+)*")) {
            throw new LaunchFailure("--directories takes absolute paths with commas between them");
        }
        return new VolumeOwner(
                Integer.parseInt(to),
                List.of(directories.split(",", -1)).stream().map(Path::of).toList());
    }

    void give() {
        for (Path directory : directories) {
            try {
                if (!Integer.valueOf(user).equals(owner(directory))) {
                    // In this order: afterwards it is somebody else's.
                    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
                    Files.setAttribute(directory, "unix:gid", user, LinkOption.NOFOLLOW_LINKS);
                    Files.setAttribute(directory, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
                }
            } catch (IOException e) {
                throw new LaunchFailure(directory + " cannot be given to user " + user + ": " + e, e);
            }
        }
    }

    private static Object owner(Path directory) throws IOException {
        return Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }
}

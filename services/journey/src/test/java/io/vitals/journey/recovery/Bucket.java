package io.vitals.journey.recovery;

import io.vitals.journey.stack.Tools;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import static org.awaitility.Awaitility.await;

/** A bucket of an S3 server on this machine, which keeps each object as a file; its key is made up for the run. */
final class Bucket implements AutoCloseable {
    private static final String NAME = "vitals-drill-backups";
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Path folder;
    private final Path credentials;
    private final int port;
    private final Map<String, String> key;
    private Process server;

    /** Starts it on an empty folder. */
    Bucket(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder).toAbsolutePath();
        this.key = Map.of("ROOT_ACCESS_KEY_ID", random(10), "ROOT_SECRET_ACCESS_KEY", random(20));
        this.credentials = Files.createFile(
                this.folder.resolve("credentials"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(credentials, """
                [default]
                aws_access_key_id = %s
                aws_secret_access_key = %s
                """.formatted(key.get("ROOT_ACCESS_KEY_ID"), key.get("ROOT_SECRET_ACCESS_KEY")));
        Files.createDirectories(objects());
        this.port = Tools.freePort();
        this.server = launch();
    }

    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private Process launch() throws IOException {
        var builder = new ProcessBuilder(List.of(
                        Tools.program("versitygw").toString(),
                        "--port",
                        "127.0.0.1:" + port,
                        "--quiet",
                        "posix",
                        folder.resolve("root").toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("versitygw.log").toFile()));
        builder.environment().putAll(key);
        Process launched = builder.start();
        await("the S3 server listens: " + folder.resolve("versitygw.log"))
                .atMost(LONGEST)
                .pollInterval(Duration.ofMillis(50))
                .until(this::listens);
        return launched;
    }

    private boolean listens() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /** Where backups and archive of this project lie in it. */
    String url() {
        return "s3://" + NAME + "/health";
    }

    /** What a client of it needs; the key itself is in a file that only its owner reads. */
    Map<String, String> environment() {
        return Map.of(
                "AWS_SHARED_CREDENTIALS_FILE", credentials.toString(),
                "AWS_CONFIG_FILE", "/dev/null",
                "AWS_DEFAULT_REGION", "us-east-1",
                "AWS_EC2_METADATA_DISABLED", "true");
    }

    /** The objects as files. */
    Path objects() {
        return folder.resolve("root").resolve(NAME);
    }

    /** Changes an object behind the server's back, and what it knows of the old content goes with that. */
    static void replace(Path object, byte[] content) throws IOException {
        Path fresh = object.resolveSibling(object.getFileName() + ".fresh");
        Files.write(fresh, content);
        Files.move(fresh, object, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void stop() {
        Tools.end(server);
    }

    void startAgain() throws IOException {
        server = launch();
    }

    @Override
    public void close() {
        stop();
    }
}

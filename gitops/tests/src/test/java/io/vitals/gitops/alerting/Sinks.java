package io.vitals.gitops.alerting;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Where messages end: a chat, a gateway for text messages, a counter of heartbeats and a mail server, all here. */
final class Sinks implements AutoCloseable {
    static final String PASSWORD = "of-the-mail-server";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Posted> posted = new CopyOnWriteArrayList<>();
    /** Read once: tests ask often. */
    private final Map<String, Mail> mails = new ConcurrentHashMap<>();

    private final HttpServer http;
    private final GreenMail mail;

    /**
     * What was posted.
     *
     * @param path where to
     */
    record Posted(String path, JsonNode body, Instant at) {
        /** Of a message in the chat. */
        String attachment(String field) {
            return body.at("/attachments/0").path(field).asText("");
        }

        /** The address behind a button of a message in the chat. */
        String button(String name) {
            for (JsonNode action : body.at("/attachments/0/actions")) {
                if (action.path("text").asText().equals(name)) {
                    return action.path("url").asText();
                }
            }
            throw new AssertionError("no button " + name + " in " + body);
        }
    }

    /** A message by mail; {@code all} is what went over the wire. */
    record Mail(String to, String subject, String text, String html, String all) {}

    Sinks() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/", this::take);
        http.start();
        mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP))
                .withConfiguration(
                        GreenMailConfiguration.aConfig().withUser("alerts@vitals.example", "alerts", PASSWORD));
        mail.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode body = MAPPER.readTree(exchange.getRequestBody().readAllBytes());
            posted.add(new Posted(exchange.getRequestURI().getPath(), body, Instant.now()));
            byte[] answer = "ok".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    String url(String path) {
        return "http://127.0.0.1:" + http.getAddress().getPort() + path;
    }

    String smarthost() {
        return "127.0.0.1:" + mail.getSmtp().getPort();
    }

    /** Messages of a channel that name something. */
    List<Posted> chat(String channel, String about) {
        return all("/slack", about)
                .filter(message -> message.body().path("channel").asText().equals(channel))
                .toList();
    }

    /** What went to one of those who are on call. */
    List<Posted> pages(String to, String about) {
        return all("/sms", about)
                .filter(message -> message.body().path("to").asText().equals(to))
                .toList();
    }

    List<Posted> at(String path, String about) {
        return all(path, about).toList();
    }

    private Stream<Posted> all(String path, String about) {
        return posted.stream()
                .filter(message -> message.path().equals(path))
                .filter(message -> message.body().toString().contains(about));
    }

    /** All that was sent anywhere and names something, as it went over the wire. */
    List<String> everything(String about) {
        var all = new ArrayList<>(posted.stream()
                // One of the two is there to show what would go out; the other stays inside, and on-call keeps what it
                // knows.
                .filter(message ->
                        !List.of("/unguarded", "/on-call/api/v1/notifications").contains(message.path()))
                .map(message -> message.body().toString())
                .toList());
        mails("").forEach(message -> all.add(message.all() + message.text() + message.html()));
        all.removeIf(message -> !message.contains(about));
        return all;
    }

    List<Mail> mails(String about) {
        return Arrays.stream(mail.getReceivedMessages())
                .map(message -> mails.computeIfAbsent(id(message), first -> read(message)))
                .filter(message -> (message.text() + message.subject()).contains(about))
                .toList();
    }

    List<Mail> mails(String to, String about) {
        return mails(about).stream().filter(message -> message.to().equals(to)).toList();
    }

    private static String id(MimeMessage message) {
        try {
            return message.getMessageID();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Mail read(MimeMessage message) {
        try {
            return new Mail(
                    message.getRecipients(Message.RecipientType.TO)[0].toString(),
                    message.getSubject(),
                    part(message, "text/plain"),
                    part(message, "text/html"),
                    GreenMailUtil.getWholeMessage(message));
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String part(Part part, String type) throws MessagingException, IOException {
        if (part.isMimeType(type)) {
            return part.getContent().toString().replace("\r\n", "\n");
        }
        var found = new StringBuilder();
        if (part.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                found.append(part(parts.getBodyPart(i), type));
            }
        }
        return found.toString();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.close();
        mail.stop();
    }
}

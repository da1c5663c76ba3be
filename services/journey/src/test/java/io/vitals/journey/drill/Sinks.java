package io.vitals.journey.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Where an alert ends: a chat, a gateway for text messages, a counter of heartbeats and a mail server. */
final class Sinks implements AutoCloseable {
    static final String PASSWORD = "of-the-mail-server";
    private static final JsonMapper JSON = new JsonMapper();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Told> posted = new CopyOnWriteArrayList<>();
    /** By what makes each unique: the mail server tells of its mailboxes one after the other. */
    private final Map<String, Told> mailed = new ConcurrentHashMap<>();

    private final HttpServer http;
    private final GreenMail mail;
    private volatile boolean chatRefuses;

    /**
     * A message.
     *
     * @param to a channel, who is called, or an address
     * @param all of it, for what has several alerts
     */
    record Told(String to, String title, String all, Instant at) {}

    Sinks() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/slack", exchange -> take(exchange, Sinks::chat));
        http.createContext("/sms", exchange -> take(exchange, Sinks::page));
        http.createContext("/heartbeat", exchange -> take(exchange, Sinks::beat));
        http.start();
        mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP))
                .withConfiguration(
                        GreenMailConfiguration.aConfig().withUser("alerts@vitals.example", "alerts", PASSWORD));
        mail.start();
    }

    @FunctionalInterface
    private interface Reader {
        Told read(JsonNode body, Instant now);
    }

    private void take(HttpExchange exchange, Reader reader) throws IOException {
        try (exchange) {
            Told told = reader.read(JSON.readTree(exchange.getRequestBody().readAllBytes()), Instant.now());
            // As a chat does whose key was withdrawn.
            boolean refused = chatRefuses && told.to().startsWith("#");
            if (!refused) {
                posted.add(told);
            }
            // The chat's own word for it.
            byte[] answer = (refused ? "token_revoked" : "ok").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(refused ? 403 : 200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private static Told chat(JsonNode body, Instant now) {
        return new Told(
                body.path("channel").asText(), body.at("/attachments/0/title").asText(), body.toString(), now);
    }

    /** Its title is the incident. */
    private static Told page(JsonNode body, Instant now) {
        String title =
                body.path("status").asText() + " " + body.path("incident").asText();
        return new Told(body.path("to").asText(), title, body.toString(), now);
    }

    private static Told beat(JsonNode body, Instant now) {
        return new Told("heartbeat", body.path("status").asText(), body.toString(), now);
    }

    void chatRefuses(boolean refuses) {
        chatRefuses = refuses;
    }

    String url(String path) {
        return "http://127.0.0.1:" + http.getAddress().getPort() + path;
    }

    String smarthost() {
        return "127.0.0.1:" + mail.getSmtp().getPort();
    }

    /** What was told to somebody since then, the oldest first. */
    List<Told> told(String to, Instant since) {
        return all().stream()
                .filter(told -> told.to().equals(to) && !told.at().isBefore(since))
                .toList();
    }

    /** Everything, the oldest first. */
    List<Told> all() {
        return Stream.concat(posted.stream(), mails().stream())
                .sorted(Comparator.comparing(Told::at))
                .toList();
    }

    /** What a chat or whoever is on call was told of last and not yet that it is over. */
    Set<String> open() {
        var open = new TreeSet<String>();
        for (Told told : all()) {
            String about = told.to() + " " + told.title().replaceFirst("^\\w+:? ", "");
            if (told.title().matches("(?:OVER|resolved)\\b.*")) {
                open.remove(about);
            } else if (told.to().startsWith("#") || told.to().equals("primary")) {
                open.add(about);
            }
        }
        return open;
    }

    /** A mail counts from when it is seen here, as it carries no finer time of its own. */
    private Collection<Told> mails() {
        for (MimeMessage message : mail.getReceivedMessages()) {
            mailed.computeIfAbsent(id(message), _ -> read(message));
        }
        return mailed.values();
    }

    private static String id(MimeMessage message) {
        try {
            return message.getMessageID();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Told read(MimeMessage message) {
        try {
            return new Told(
                    message.getRecipients(Message.RecipientType.TO)[0].toString(),
                    message.getSubject(),
                    GreenMailUtil.getBody(message).replace("=\r\n", ""),
                    Instant.now());
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.stop(0);
        threads.close();
        mail.stop();
    }
}

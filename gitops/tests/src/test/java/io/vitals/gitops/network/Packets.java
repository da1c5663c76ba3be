package io.vitals.gitops.network;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A process within tools/cluster/network: listens at every endpoint on every port, and tries every connection. A thread enters the network
 * namespace of an endpoint and stays there, so what it opens belongs to that. Prints a line for each connection.
 */
final class Packets {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int READ_ONLY = 0;
    /** Reached only where something is lost: everything else is answered at once, by whoever listens or by who denies. */
    private static final int ANSWER_MILLIS = 30_000;

    private static final int ASKED = 10;
    private static final byte[] HELLO = {1};

    private Packets() {}

    /** Arguments: a file with name, number and address of each endpoint, one with the ports, and where to write. */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        List<String[]> endpoints = Files.readAllLines(Path.of(arguments[0])).stream()
                .map(line -> line.split(" ", -1))
                .toList();
        List<Port> ports = Files.readAllLines(Path.of(arguments[1])).stream()
                .map(Port::parse)
                .toList();
        try (var answers = Selector.open();
                var threads =
                        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            for (String[] endpoint : endpoints) {
                threads.submit(inside(endpoint, () -> listen(answers, endpoint[2], ports)))
                        .get();
            }
            Thread.ofPlatform().daemon().start(() -> answer(answers));
            var tried = new ArrayList<Future<List<String>>>();
            for (String[] from : endpoints) {
                tried.add(threads.submit(inside(from, () -> ask(from, endpoints, ports))));
            }
            try (BufferedWriter out = Files.newBufferedWriter(Path.of(arguments[2]))) {
                for (Future<List<String>> lines : tried) {
                    for (String line : lines.get()) {
                        out.write(line);
                        out.newLine();
                    }
                }
            }
        }
    }

    /** In a thread that has no other work: it stays in the network of the endpoint. */
    private static <T> Callable<T> inside(String[] endpoint, Callable<T> what) {
        return () -> {
            enter(Path.of("/run/netns", endpoint[1]));
            return what.call();
        };
    }

    /** Restricted is what calls outside Java: there is no other way for a thread to enter a namespace. */
    @SuppressWarnings("restricted")
    private static void enter(Path namespace) throws IOException {
        Linker linker = Linker.nativeLinker();
        MethodHandle open = linker.downcallHandle(
                linker.defaultLookup().find("open").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        MethodHandle setns = linker.downcallHandle(
                linker.defaultLookup().find("setns").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            int file = (int) open.invokeExact(arena.allocateFrom(namespace.toString()), READ_ONLY);
            int result = file < 0 ? file : (int) setns.invokeExact(file, CLONE_NEWNET);
            if (result != 0) {
                throw new IOException("cannot enter " + namespace);
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static Void listen(Selector answers, String address, List<Port> ports) throws IOException {
        for (Port port : ports) {
            var at = new InetSocketAddress(InetAddress.ofLiteral(address), port.number());
            if (port.protocol().equals("TCP")) {
                var channel = ServerSocketChannel.open();
                channel.bind(at, 200).configureBlocking(false).register(answers, SelectionKey.OP_ACCEPT);
            } else {
                var channel = DatagramChannel.open();
                channel.bind(at).configureBlocking(false).register(answers, SelectionKey.OP_READ);
            }
        }
        return null;
    }

    /** Takes every connection and ends it; says to every datagram what it said. */
    private static void answer(Selector answers) {
        ByteBuffer said = ByteBuffer.allocate(16);
        try {
            while (answers.isOpen()) {
                answers.select(key -> {
                    try {
                        if (key.channel() instanceof ServerSocketChannel server) {
                            server.accept().close();
                        } else if (key.channel() instanceof DatagramChannel channel) {
                            said.clear();
                            SocketAddress from = channel.receive(said);
                            channel.send(said.flip(), from);
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        } catch (ClosedSelectorException e) {
            // Everything has been asked.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> ask(String[] from, List<String[]> endpoints, List<Port> ports) throws IOException {
        var lines = new ArrayList<String>();
        for (String[] to : endpoints) {
            if (!to[0].equals(from[0])) {
                InetAddress address = InetAddress.ofLiteral(to[2]);
                for (Port port : ports) {
                    var at = new InetSocketAddress(address, port.number());
                    lines.add("%s %s %s %s"
                            .formatted(from[0], to[0], port, port.protocol().equals("TCP") ? connect(at) : send(at)));
                }
            }
        }
        return lines;
    }

    private static String connect(InetSocketAddress to) throws IOException {
        try (var socket = new Socket()) {
            // Nothing of it stays behind.
            socket.setSoLinger(true, 0);
            socket.connect(to, ANSWER_MILLIS);
            return "open";
        } catch (NoRouteToHostException e) {
            return "shut";
        } catch (SocketTimeoutException e) {
            return "no-answer";
        } catch (ConnectException e) {
            return "nobody-listens";
        }
    }

    private static String send(InetSocketAddress to) throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.connect(to);
            // A datagram may get lost where there is much to do, and so may what is said of it.
            for (int i = 0; i < ASKED; i++) {
                try {
                    socket.setSoTimeout(ANSWER_MILLIS / ASKED);
                    socket.send(new DatagramPacket(HELLO, HELLO.length));
                    socket.receive(new DatagramPacket(new byte[1], 1));
                    return "open";
                } catch (SocketTimeoutException e) {
                    // Once more.
                } catch (PortUnreachableException e) {
                    return "nobody-listens";
                } catch (IOException e) {
                    if (String.valueOf(e.getMessage()).contains("No route to host")) {
                        return "shut";
                    }
                    throw e;
                }
            }
            return "no-answer";
        }
    }
}

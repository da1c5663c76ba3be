package io.vitals.kit.limits;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ClientAddressesTest {
    private final ClientAddresses behindProxies = new ClientAddresses(List.of("10.0.0.0/8", "fd00::/8"));
    private final ClientAddresses bare = new ClientAddresses(List.of());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // A peer that is no proxy is the client, whatever it says.
                "203.0.113.9 | 198.51.100.1 | 203.0.113.9",
                "10.0.0.5 | 198.51.100.1 | 198.51.100.1",
                // What the client wrote itself stands to the left of what our proxy saw.
                "10.0.0.5 | 1.2.3.4, 198.51.100.1 | 198.51.100.1",
                "10.0.0.5 | 1.2.3.4, 10.0.0.7, 198.51.100.1, 10.1.2.3 | 198.51.100.1",
                "10.0.0.5 | 2001:db8::1 | 2001:db8::1",
                "fd00::1 | 198.51.100.1 | 198.51.100.1",
                "10.0.0.5 | ::ffff:198.51.100.1 | 198.51.100.1",
                // Not an address: nothing to the left of it counts.
                "10.0.0.5 | 198.51.100.1, unknown | 10.0.0.5",
                "10.0.0.5 | 198.51.100.1, 10.0.0.7:80 | 10.0.0.5",
                "10.0.0.5 | 198.51.100.1, localhost | 10.0.0.5",
                "10.0.0.5 | 198.51.100.1, fe80::1%eth0 | 10.0.0.5",
                "10.0.0.5 | '' | 10.0.0.5",
                "10.0.0.5 | 10.0.0.7 | 10.0.0.7"
            })
    void theClientIsTheLastAddressThatNoProxyOfOursHas(String peer, String header, String client) throws Exception {
        assertThat(behindProxies.resolve(new InetSocketAddress(InetAddress.getByName(peer), 1), List.of(header)))
                .isEqualTo(InetAddress.getByName(client));
    }

    @Test
    void severalHeadersAreOneList() throws Exception {
        InetSocketAddress peer = new InetSocketAddress(InetAddress.getByName("10.0.0.5"), 1);
        assertThat(behindProxies.resolve(peer, List.of("1.2.3.4", "198.51.100.1, 10.0.0.9")))
                .isEqualTo(InetAddress.getByName("198.51.100.1"));
    }

    @Test
    void withoutProxiesTheHeaderMeansNothing() throws Exception {
        InetSocketAddress peer = new InetSocketAddress(InetAddress.getByName("10.0.0.5"), 1);
        assertThat(bare.resolve(peer, List.of("198.51.100.1"))).isEqualTo(peer.getAddress());
    }

    @Test
    void tenThousandInventedAddressesAreOneSource() throws Exception {
        InetSocketAddress peer = new InetSocketAddress(InetAddress.getByName("203.0.113.9"), 1);
        Set<String> sources = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            String invented = "198.18." + i / 250 + "." + i % 250;
            sources.add(Arrays.toString(ClientAddresses.source(behindProxies.resolve(peer, List.of(invented)))));
            InetSocketAddress proxy = new InetSocketAddress(InetAddress.getByName("10.0.0.5"), 1);
            sources.add(Arrays.toString(
                    ClientAddresses.source(behindProxies.resolve(proxy, List.of(invented + ", 203.0.113.9")))));
        }
        assertThat(sources).hasSize(1);
    }

    @Test
    void oneHostsIpv6AddressesAreOneSource() throws Exception {
        assertThat(ClientAddresses.source(InetAddress.getByName("2001:db8:0:1::1")))
                .isEqualTo(ClientAddresses.source(InetAddress.getByName("2001:db8:0:1:ffff::2")))
                .isNotEqualTo(ClientAddresses.source(InetAddress.getByName("2001:db8:0:2::1")));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.200, true",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "0.0.0.0/0, 8.8.8.8, true",
        "0.0.0.0/0, ::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false"
    })
    void aRangeHoldsWhatSharesItsFirstBits(String range, String address, boolean held) throws Exception {
        assertThat(AddressRange.parse(range).contains(InetAddress.getByName(address)))
                .isEqualTo(held);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host",
                "10.0.0.0/33",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "10.0.0.1/8",
                "1.2.3",
                "::/129",
                "a/b/c",
                "localhost/8"
            })
    void whatIsNoRangeIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressRange.parse(text));
    }
}

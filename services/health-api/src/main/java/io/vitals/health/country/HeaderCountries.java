package io.vitals.health.country;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.vitals.kit.limits.ClientAddresses;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What the gateway found out. From anybody else the header is not looked at, and a gateway that says two things said nothing. */
final class HeaderCountries implements CountrySource {
    private static final Set<String> KNOWN = Set.of(Locale.getISOCountries());

    private final HeaderName header;
    private final ClientAddresses addresses;

    HeaderCountries(String header, ClientAddresses addresses) {
        this.header = HeaderNames.create(header);
        this.addresses = addresses;
    }

    @Override
    public Optional<String> of(ServerRequest request) {
        if (!addresses.fromProxy(request)) {
            return Optional.empty();
        }
        List<String> said = request.headers().all(header, List::of);
        return said.size() == 1
                ? Optional.of(said.getFirst().strip().toUpperCase(Locale.ROOT)).filter(KNOWN::contains)
                : Optional.empty();
    }
}

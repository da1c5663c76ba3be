package io.vitals.health.country;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.limits.ClientAddresses;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses who comes from where Vitals is not offered. What machines send under a signature of their own is let through wherever they stand:
 * a list of members' countries says nothing of Sahha's.
 */
public final class CountryRule implements Filter, AutoCloseable {
    private static final Set<String> SIGNED = Set.of("/api/v1/webhooks/sahha", "/auth/backchannel-logout");

    private final CountrySettings settings;
    private final CountrySource source;
    private final Counter refused;

    private CountryRule(CountrySettings settings, CountrySource source, MeterRegistry registry) {
        this.settings = settings;
        this.source = source;
        this.refused = Counter.builder("http.country.refused")
                .description("Requests refused by the rule by country")
                .register(registry);
    }

    /**
     * The rule of the settings; without a list it lets everybody through.
     *
     * @param trustedProxies whose word on a client's address and country is taken
     * @throws io.vitals.kit.config.ConfigException when the file with the countries cannot be used
     */
    public static CountryRule of(CountrySettings settings, List<String> trustedProxies, MeterRegistry registry) {
        ClientAddresses addresses = new ClientAddresses(trustedProxies);
        CountrySource source = settings.header()
                .<CountrySource>map(name -> new HeaderCountries(name, addresses))
                .or(() -> settings.database().map(file -> DatabaseCountries.open(file, addresses)))
                .orElse(_ -> Optional.empty());
        return new CountryRule(settings, source, registry);
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (settings.on() && !SIGNED.contains(request.path().path()) && !settings.admits(source.of(request))) {
            refused.increment();
            throw new CountryFailure.Refused().toException();
        }
        chain.proceed();
    }

    @Override
    public void close() {
        if (source instanceof DatabaseCountries database) {
            database.close();
        }
    }
}

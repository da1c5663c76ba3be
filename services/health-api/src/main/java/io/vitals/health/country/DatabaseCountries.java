package io.vitals.health.country;

import com.maxmind.db.Reader;
import io.helidon.webserver.http.ServerRequest;
import io.vitals.kit.config.ConfigException;
import io.vitals.kit.limits.ClientAddresses;
import io.vitals.kit.logging.EventLog;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A MaxMind file of countries or cities, held in memory: a file that is replaced later counts from the next start on. */
final class DatabaseCountries implements CountrySource, AutoCloseable {
    private static final EventLog LOG = EventLog.of(DatabaseCountries.class);

    private final Reader reader;
    private final ClientAddresses addresses;

    private DatabaseCountries(Reader reader, ClientAddresses addresses) {
        this.reader = reader;
        this.addresses = addresses;
    }

    /**
     * Reads the file.
     *
     * @throws ConfigException when it is not there, is broken or holds no countries
     */
    static DatabaseCountries open(Path file, ClientAddresses addresses) {
        Reader reader;
        try {
            reader = new Reader(file.toFile(), Reader.FileMode.MEMORY);
        } catch (IOException | RuntimeException e) {
            throw new ConfigException(List.of("country.database: cannot be read as a MaxMind file"));
        }
        String type = reader.getMetadata().databaseType();
        if (!type.contains("Country") && !type.contains("City")) {
            throw new ConfigException(List.of("country.database: holds neither countries nor cities"));
        }
        return new DatabaseCountries(reader, addresses);
    }

    @Override
    public Optional<String> of(ServerRequest request) {
        return of(addresses.of(request));
    }

    /** Empty for an address that is not in the file, or whose entry cannot be read. */
    Optional<String> of(InetAddress address) {
        try {
            return field(reader.get(address, Map.class), "country")
                    .flatMap(country -> field(country, "iso_code"))
                    .filter(String.class::isInstance)
                    .map(String.class::cast);
        } catch (IOException | RuntimeException e) {
            LOG.warn("country_unreadable", e);
            return Optional.empty();
        }
    }

    private static Optional<Object> field(@Nullable Object entry, String name) {
        return entry instanceof Map<?, ?> map ? Optional.ofNullable(map.get(name)) : Optional.empty();
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

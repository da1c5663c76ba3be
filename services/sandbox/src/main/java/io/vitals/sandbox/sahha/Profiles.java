package io.vitals.sandbox.sahha;

import io.vitals.sandbox.member.Person;
import io.vitals.sandbox.member.PersonDay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Who is registered, in order; kept as one external id a line when a file is given. */
final class Profiles {
    private static final Pattern EXTERNAL_ID = Pattern.compile("[A-Za-z0-9._:@-]{1,128}");

    private final List<Person> people;
    private final Optional<Path> file;
    private final List<Profile> profiles = new ArrayList<>();

    /**
     * A registered profile and the person whose days it shows.
     *
     * @param phoneOnly sessions that nobody but the phone has seen
     */
    record Profile(String externalId, UUID profileId, Person person, List<PersonDay.Exercise> phoneOnly) {
        /** What the phone knows of the day's sessions, by their start. */
        List<PersonDay.Exercise> exercises(PersonDay day) {
            return Stream.concat(
                            day.exercises().stream(),
                            phoneOnly.stream()
                                    .filter(exercise -> !exercise.start().isBefore(day.start())
                                            && exercise.start().isBefore(day.until())))
                    .sorted(Comparator.comparing(PersonDay.Exercise::start))
                    .toList();
        }
    }

    Profiles(List<Person> people, Optional<Path> file) {
        this.people = people;
        this.file = file;
        try {
            if (file.isPresent() && Files.exists(file.get())) {
                Files.readAllLines(file.get()).forEach(this::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The new profile; empty when the id is taken or not one. */
    synchronized Optional<Profile> register(String externalId) {
        if (!EXTERNAL_ID.matcher(externalId).matches() || find(externalId).isPresent()) {
            return Optional.empty();
        }
        try {
            if (file.isPresent()) {
                Files.writeString(file.get(), externalId + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Optional.of(add(externalId));
    }

    synchronized Optional<Profile> find(String externalId) {
        return profiles.stream()
                .filter(profile -> profile.externalId().equals(externalId))
                .findFirst();
    }

    synchronized List<Profile> all() {
        return List.copyOf(profiles);
    }

    private Profile add(String externalId) {
        Person person = people.get(profiles.size() % people.size());
        UUID profileId = UUID.nameUUIDFromBytes(("profile " + externalId).getBytes(StandardCharsets.UTF_8));
        var profile = new Profile(externalId, profileId, person, new CopyOnWriteArrayList<>());
        profiles.add(profile);
        return profile;
    }
}

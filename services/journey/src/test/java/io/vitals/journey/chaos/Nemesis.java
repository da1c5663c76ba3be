package io.vitals.journey.chaos;

import io.vitals.sandbox.launcher.ServiceProcess;
import io.vitals.sandbox.launcher.Stack;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Kills by the seed: which process, and after how many accepted events. What the process does just then is left to chance. */
final class Nemesis {
    /** What dies. */
    enum Victim {
        POSTGRES,
        ONE_REPLICA,
        ALL_REPLICAS
    }

    private final Stack stack;
    private final DeliveryHistory history;
    private final Random random;

    Nemesis(Stack stack, DeliveryHistory history, long seed) {
        this.stack = stack;
        this.history = history;
        this.random = new Random(seed);
    }

    /**
     * Kills so often while so many events are accepted, at least every third time PostgreSQL and every third a service.
     *
     * @return how often each was the victim
     */
    Map<Victim, Integer> kill(int times, int events) {
        Map<Victim, Integer> killed = new EnumMap<>(Victim.class);
        List<Victim> victims = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            victims.add(
                    switch (i % 5) {
                        case 0, 2 -> Victim.POSTGRES;
                        case 4 -> Victim.ALL_REPLICAS;
                        default -> Victim.ONE_REPLICA;
                    });
        }
        Collections.shuffle(victims, random);
        for (int i = 0; i < times; i++) {
            // Within its own part of the run, so that kills come neither all at once nor at even distances.
            history.awaitAccepted((int) ((i + random.nextDouble()) * events / times), KillAnywhereTest.PATIENCE);
            strike(victims.get(i));
            killed.merge(victims.get(i), 1, Integer::sum);
        }
        return killed;
    }

    /** Everything that was killed runs again. */
    void awaitRecovery() {
        stack.postgres().startAgain();
        for (ServiceProcess service : stack.whoopServices()) {
            if (!service.isAlive()) {
                service.start();
            }
            service.awaitReady(KillAnywhereTest.PATIENCE);
        }
        stack.healthApi().awaitReady(KillAnywhereTest.PATIENCE);
    }

    /** A replica that is still starting may die, too; that is as good a point as any. */
    private void strike(Victim victim) {
        switch (victim) {
            case POSTGRES -> {
                stack.postgres().kill();
                stack.postgres().startAgain();
            }
            case ONE_REPLICA ->
                restart(List.of(stack.whoopServices()
                        .get(random.nextInt(stack.whoopServices().size()))));
            case ALL_REPLICAS -> restart(stack.whoopServices());
        }
    }

    private static void restart(List<ServiceProcess> services) {
        services.forEach(ServiceProcess::kill);
        services.forEach(ServiceProcess::start);
    }
}

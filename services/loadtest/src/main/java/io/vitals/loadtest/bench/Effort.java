package io.vitals.loadtest.bench;

import io.vitals.loadtest.stack.Processes;
import io.vitals.loadtest.traffic.Figures;

import java.util.concurrent.Callable;

/** Processor time that requests cost a service and PostgreSQL; what else runs on the machine hardly shows in it. */
final class Effort {
    private final ProcessHandle service;
    private long serviceNanos;
    private long postgresNanos;
    private long requests;

    Effort(ProcessHandle service) {
        this.service = service;
    }

    Figures of(Callable<Figures> measurement) throws Exception {
        long service = Processes.cpuNanos(this.service);
        long postgres = Processes.postgresCpuNanos("health");
        Figures figures = measurement.call();
        serviceNanos += Processes.cpuNanos(this.service) - service;
        postgresNanos += Processes.postgresCpuNanos("health") - postgres;
        requests += figures.sortedNanos().length;
        return figures;
    }

    /** Of the service alone, a request. */
    double serviceMicros() {
        return serviceNanos / 1e3 / requests;
    }

    @Override
    public String toString() {
        return "%.0f + %.0f".formatted(serviceNanos / 1e3 / requests, postgresNanos / 1e3 / requests);
    }
}

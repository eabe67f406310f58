// What flows between the parts, a second: from the load to the services, between them, and to the database.

export const TRAFFIC = {
  requests: "job:http_requests:rate1m",
  errors: "job:http_request_failures_per_requests:ratio_rate1m",
  peers: "sum by (job, peer) (rate(http_client_requests_total[1m]))",
  operations: "sum by (job) (rate(db_client_operation_duration_seconds_count[1m]))",
  failures: 'sum by (job) (rate(db_client_operation_duration_seconds_count{outcome!="ok"}[1m]))',
  ready: 'min by (job) (observer_ready{check="postgres"})',
};

// The share of failures from which a part is shown as bad.
const MOST_FAILURES = 0.01;

const total = (series) => series.reduce((sum, { value }) => sum + Number(value[1]), 0);

// answers: the results of TRAFFIC.
export const trafficOf = ({ requests, errors, peers, operations, failures, ready }) => {
  const of = (series, job) => total(series.filter(({ metric }) => metric.job === job));
  const calling = [...new Set(peers.map(({ metric }) => metric.job))].sort().slice(0, 2);
  const services = (calling.length === 2 ? calling : ["app", "beta"]).map((name) => {
    const calls = total(peers.filter(({ metric }) => metric.peer === name));
    const errorRatio = of(errors, name);
    return {
      name, calls, errorRatio,
      isBad: errorRatio > MOST_FAILURES,
      requests: of(requests, name),
      // Nobody measures the load itself: it is what no service has sent.
      load: Math.max(0, of(requests, name) - calls),
      operations: of(operations, name),
    };
  });
  return { services, load: services.reduce((sum, { load }) => sum + load, 0), database: databaseOf(operations, failures, ready) };
};

const databaseOf = (operations, failures, ready) => {
  const errorRatio = total(failures) / (total(operations) || 1);
  const notReadyFor = ready.filter(({ value }) => value[1] !== "1").map(({ metric }) => metric.job).sort();
  return {
    errorRatio, notReadyFor,
    operations: total(operations),
    isKnown: ready.length > 0,
    isBad: notReadyFor.length > 0 || errorRatio > MOST_FAILURES,
  };
};

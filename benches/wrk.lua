-- What wrk sends, and what it prints at the end: the line of JSON that src/load.rs reads.

-- With an argument, each request is a POST with this body.
function init(arguments)
  if arguments[1] then
    wrk.method = "POST"
    wrk.body = arguments[1]
  end
end

function done(summary, latency, _)
  local errors = summary.errors
  print(string.format('{"answered":%d,"failed":%d,"rate":%f,"p50":%f,"p99":%f}',
    summary.requests,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3))
end

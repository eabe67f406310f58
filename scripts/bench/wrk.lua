-- What wrk sends, and what it says at the end, so that scripts/lib/bench.sh can read it.

-- With an argument it is a POST with this body.
function init(arguments)
  if arguments[1] then
    wrk.method = "POST"
    wrk.body = arguments[1]
  end
end

function done(summary, latency, _)
  local errors = summary.errors
  local milliseconds = function(percentile)
    return latency:percentile(percentile) / 1e3
  end
  print("answered: " .. summary.requests)
  print("failed: " .. errors.status + errors.connect + errors.read + errors.write + errors.timeout)
  print("rate: " .. summary.requests / (summary.duration / 1e6))
  print("p50: " .. milliseconds(50))
  print("p99: " .. milliseconds(99))
end

# shellcheck shell=bash
# What the Kubernetes runtime waits for: images, the load, port-forwards.

# shellcheck source=tests/scripts/fake_kubectl.sh
. "$(dirname "${BASH_SOURCE[0]}")/fake_kubectl.sh"

# waiting_for_beta PATIENCE: a start's step.
waiting_for_beta() {
  in_scripts "use_runtime kubernetes; PATIENCE=$1; kube_wait beta"
}

test_first_image_that_does_not_come_is_tried_again() {
  # Each answer ends the state before it.
  fake_kubectl '  *"rollout status"*) [ -e failed ] ;;' \
    '  *"get pods"*go-template*) touch failed; echo "ErrImagePull|observer:1" ;;'
  recorded
  succeeds waiting_for_beta 60
}

test_image_that_does_not_come_again_ends_the_wait() {
  fake_kubectl '  *"rollout status"*) exit 1 ;;' '  *"get pods"*go-template*) echo "ImagePullBackOff|observer:1" ;;'
  recorded
  fails waiting_for_beta 60
  says 'the image observer:1 of beta cannot be pulled: ImagePullBackOff'
}

test_time_of_a_pull_does_not_count() {
  # Four answers later it is there; without the pull, the first would have been the last.
  # shellcheck disable=SC2016 # the script's own
  fake_kubectl '  *"rollout status"*) echo >>asks; [ "$(wc -l <asks)" -gt 4 ] ;;' \
    '  *"get pods"*metadata.name*) echo "beta-1 beta-2" ;;' '  *"get events"*) cat events ;;'
  recorded
  printf '%s\n' "other-1 Pulling" "beta-1 Pulled" "beta-2 Scheduled" "beta-2 Pulling" >events
  succeeds waiting_for_beta 0
  rm asks
  echo 'beta-2 Pulled' >>events
  fails waiting_for_beta 0
  says 'beta is not ready after 0 s.'
}

test_load_that_is_interrupted_while_it_starts_leaves_no_job() {
  local status=0 loading
  fake_kubectl '  *" apply "*) touch applying; sleep 60 ;;'
  recorded
  # A shell's background processes ignore Ctrl-C.
  setsid env --default-signal=INT scripts/load.sh >said 2>&1 &
  loading=$!
  until [ -e applying ]; do sleep 0.1; done
  : >asked
  kill -INT -- "-$loading"
  wait "$loading" || status=$?
  equals "$status" 130
  asked_for 'delete job load'
}

test_port_forward_pauses_longer_while_it_finds_nobody() {
  fake_kubectl '  *port-forward*) exit 1 ;;'
  # It ends the test, too.
  # shellcheck disable=SC2016 # the script's own
  fake sleep 'echo "$1" >>pauses' '[ "$(wc -l <pauses)" -lt 6 ] || kill "$PPID"'
  recorded
  succeeds scripts/runtime/kubernetes/forward.sh app
  equals "$(xargs <pauses)" '1 3 7 15 15 15'
}

test_port_forward_that_lasted_is_soon_back() {
  equals "$(in_scripts 'use_runtime kubernetes; kube_next_pause 15 60')" 1
  equals "$(in_scripts 'use_runtime kubernetes; kube_next_pause 15 0')" 15
}

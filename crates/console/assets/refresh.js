// Runs a task at once and then periodically, but not while the page is hidden or the last run goes on.

export class Refresh {
  #timer;
  #running = false;
  #again = false;

  constructor(task, seconds) {
    this.task = task;
    this.seconds = seconds;
    document.addEventListener("visibilitychange", () => this.#schedule(0));
  }

  // Changes the period. 0 is never.
  every(seconds) {
    this.seconds = seconds;
    this.#schedule(seconds);
  }

  // Runs it now, or once more after the run that goes on.
  async now() {
    clearTimeout(this.#timer);
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    try {
      await this.task();
    } catch (error) {
      // The task has shown it. What it has not, a developer should see.
      if (!("status" in error) && error.name !== "AbortError") console.error(error);
    } finally {
      this.#running = false;
      if (this.#again) {
        this.#again = false;
        this.now();
      } else this.#schedule(this.seconds);
    }
  }

  #schedule(seconds) {
    clearTimeout(this.#timer);
    if (document.hidden || !this.seconds) return;
    this.#timer = setTimeout(() => this.now(), 1000 * seconds);
  }
}

//! Projects that are understood -> their findings and figures, on a thread of its own.
//!
//! Proofs take long on large policies, and nobody waits for them while typing. Only the newest state of a project is
//! proved; figures are worked out once nothing has been left to prove for a moment, and given up as soon as something is.

use crate::event::Event;
use crate::project::Place;
use ordain::diagnostics::Diagnostic;
use ordain::ide::{Measured, measure};
use ordain::workspace::{Checked, Kept, Stop};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// Whoever types makes pauses shorter than this: figures worked out between two keys would be out of date at once, and
/// slow down the answer to the second.
const QUIET: Duration = Duration::from_millis(300);

/// A proof that takes longer than this is given up when its state is gone. Others are not: what they find, the next builds
/// upon, which takes much shorter then.
const LONG: Duration = Duration::from_millis(300);

/// The newest states of the projects.
type States = Arc<Mutex<BTreeMap<Place, u64>>>;

/// A state of a project. Later states have greater numbers.
pub struct Job {
    pub place: Place,
    pub number: u64,
    pub checked: Arc<Checked>,
}

enum Task {
    Prove(Job),
    /// The project is no longer as it was.
    Changed(Place),
}

/// How to ask for proofs.
pub struct Prover {
    tasks: Sender<Task>,
    states: States,
}

impl Prover {
    /// Starts the thread; what it finds comes as events.
    pub fn start(events: Sender<Event>) -> std::io::Result<Self> {
        let (tasks, inbox) = channel();
        let states = States::default();
        let known = Arc::clone(&states);
        let thread = std::thread::Builder::new().name("prover".into()).stack_size(ordain::cli::STACK);
        thread.spawn(move || run(&inbox, &events, &known))?;
        Ok(Self { tasks, states })
    }

    /// A project has a new state, whether or not it can be proved. Figures of an earlier one are given up: nobody sees
    /// them, and whoever types would wait for them.
    pub fn changed(&self, place: Place, number: u64) {
        states_of(&self.states).insert(place.clone(), number);
        self.send(Task::Changed(place));
    }

    pub fn prove(&self, job: Job) {
        self.send(Task::Prove(job));
    }

    /// Fails only when the thread is gone, and then the server ends.
    fn send(&self, task: Task) {
        let _ = self.tasks.send(task);
    }
}

/// The map is whole also where somebody panicked with it.
fn states_of(states: &States) -> MutexGuard<'_, BTreeMap<Place, u64>> {
    states.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The state is gone, and its proof takes long.
fn outdated(place: &Place, number: u64, states: &States) -> Stop {
    let (place, states, began) = (place.clone(), Arc::clone(states), Instant::now());
    Stop::when(move || began.elapsed() > LONG && states_of(&states).get(&place).is_some_and(|newest| *newest != number))
}

/// What is left to do.
#[derive(Default)]
struct Open {
    proofs: BTreeMap<Place, Job>,
    /// The next state is made of one that nobody holds.
    unmeasured: BTreeMap<Place, (u64, Weak<Checked>)>,
}

impl Open {
    fn take(&mut self, task: Task) {
        match task {
            Task::Prove(job) => drop(self.proofs.insert(job.place.clone(), job)),
            Task::Changed(place) => drop(self.unmeasured.remove(&place)),
        }
    }
}

fn run(inbox: &Receiver<Task>, events: &Sender<Event>, states: &States) {
    let mut open = Open::default();
    let mut kept: BTreeMap<Place, Option<Kept>> = BTreeMap::new();
    let mut measured_once: BTreeSet<Place> = BTreeSet::new();
    loop {
        if open.proofs.is_empty() && open.unmeasured.is_empty() {
            match inbox.recv() {
                Ok(task) => open.take(task),
                Err(_) => return,
            }
        }
        loop {
            match inbox.try_recv() {
                Ok(task) => open.take(task),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return,
            }
        }
        // The first figures of a project are waited for.
        if open.proofs.is_empty() && open.unmeasured.keys().all(|place| measured_once.contains(place)) {
            match inbox.recv_timeout(QUIET) {
                Ok(task) => {
                    open.take(task);
                    continue;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        if let Some((place, job)) = open.proofs.pop_first() {
            let stop = outdated(&place, job.number, states);
            let findings = prove(&job, kept.entry(place.clone()).or_default(), &stop);
            if stop.now() {
                continue;
            }
            let proved = findings.is_some();
            let measurable = (job.number, Arc::downgrade(&job.checked));
            let number = job.number;
            drop(job);
            if events.send(Event::Proved { place: place.clone(), number, findings }).is_err() {
                return;
            }
            if proved {
                open.unmeasured.insert(place, measurable);
            }
        } else if let Some((place, (number, checked))) = open.unmeasured.pop_first() {
            let Some(held) = checked.upgrade() else { continue };
            let newest = || states_of(states).values().max().copied();
            let at = newest();
            let go_on = || newest() == at;
            match figures(&held, kept.entry(place.clone()).or_default(), &go_on) {
                Some(measured) => {
                    measured_once.insert(place.clone());
                    let event = Event::Measured { place, number, measured: Box::new(measured) };
                    if events.send(event).is_err() {
                        return;
                    }
                }
                None if !go_on() => drop(open.unmeasured.insert(place, (number, checked))),
                None => {}
            }
        }
    }
}

/// All that is said about the project; `None` after a fault of the compiler, which must not end the server.
fn prove(job: &Job, kept: &mut Option<Kept>, stop: &Stop) -> Option<Vec<Diagnostic>> {
    let checked = &job.checked;
    let found = catch_unwind(AssertUnwindSafe(|| checked.prove_until(kept, stop)));
    let Some(found) = found.ok()? else { return Some(checked.diagnostics.clone()) };
    Some(checked.settled(found.diagnostics).remaining)
}

fn figures(checked: &Checked, kept: &mut Option<Kept>, go_on: &dyn Fn() -> bool) -> Option<Measured> {
    let sources = &checked.sources;
    let measured = catch_unwind(AssertUnwindSafe(|| {
        let known =
            kept.take().and_then(|kept| kept.with(checked, |lowered| measure::measure(lowered, sources, go_on)));
        let Some((measured, still)) = known else { return measure::measure(&mut checked.lower()?, sources, go_on) };
        *kept = Some(still);
        measured
    }));
    measured.ok().flatten()
}

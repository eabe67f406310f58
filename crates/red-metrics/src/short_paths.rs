//! A table of what stands for each path, laid out once.

use super::short_path::ShortPath;

/// Values by short paths. At most half of the slots are taken; a path that finds its own taken by another has the next free
/// one. No client adds to the table: nobody can make it slow.
#[derive(Debug)]
pub(super) struct ShortPaths<T> {
    /// A power of two of them, and as many again as there are paths, so that none has to go on at the beginning.
    slots: Box<[Option<(ShortPath, T)>]>,
    shift: u32,
}

impl<T> ShortPaths<T> {
    /// The table of these. Of a path that is there twice it is not said which value is found.
    pub(super) fn new(entries: Vec<(ShortPath, T)>) -> Self {
        let ways = (2 * entries.len()).next_power_of_two().max(2);
        let mut slots: Box<[_]> = (0..=ways + entries.len()).map(|_| None).collect();
        let shift = u64::BITS - ways.ilog2();
        for (path, value) in entries {
            let first = path.scattered(shift);
            let free = slots[first..].iter().position(Option::is_none);
            let free = first + free.expect("there is a slot for each");
            slots[free] = Some((path, value));
        }
        Self { slots, shift }
    }

    #[inline]
    pub(super) fn get(&self, path: ShortPath) -> Option<&T> {
        let mut at = path.scattered(self.shift);
        loop {
            // The last slot is never taken.
            let (of, value) = self.slots.get(at)?.as_ref()?;
            if *of == path {
                return Some(value);
            }
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn short(path: &str) -> ShortPath {
        ShortPath::new(path).expect("at most 16 bytes")
    }

    #[test]
    fn each_path_has_its_own_value_and_others_have_none() {
        let mut paths = BTreeSet::new();
        // All of up to six bytes of two kinds, and long ones that differ in one place.
        for length in 0..=6 {
            for bits in 0..1_u32 << length {
                let path: String = (0..length)
                    .map(|at| if bits >> at & 1 == 1 { 'a' } else { '/' })
                    .collect();
                paths.insert(path);
            }
        }
        for length in 7..=16 {
            for place in 0..=length {
                let path: String = (0..length).map(|at| if at == place { 'a' } else { '/' }).collect();
                paths.insert(path);
            }
        }
        let table = ShortPaths::new(paths.iter().map(|path| (short(path), path)).collect());
        for path in &paths {
            assert_eq!(table.get(short(path)), Some(&path));
            let other = format!("b{}", path.get(1..).unwrap_or_default());
            assert_eq!(table.get(short(&other)), None, "{other}");
        }
        assert_eq!(ShortPath::new("/seventeen-bytes-"), None);
    }

    #[test]
    fn a_table_of_nothing_holds_nothing() {
        assert_eq!(ShortPaths::<()>::new(Vec::new()).get(short("/")), None);
    }

    #[test]
    fn paths_of_a_pattern_are_found_within_a_few_steps() {
        let paths: Vec<_> = (0..1_000).map(|number| short(&format!("/route-{number}"))).collect();
        let table = ShortPaths::new(paths.iter().map(|path| (*path, ())).collect());
        let steps = paths.iter().map(|path| {
            let from = path.scattered(table.shift);
            let own = |slot: &Option<(ShortPath, ())>| slot.is_some_and(|(of, ())| of == *path);
            1 + table.slots[from..].iter().position(own).expect("it is in the table")
        });
        let steps: usize = steps.sum();
        assert!(steps < 2 * paths.len(), "{steps}");
    }
}

//! The labels of a summary.

use prometheus::{Error, core::Desc, proto::LabelPair};

/// The labels of one summary of a family, in the order in which they are written.
pub(crate) fn label_pairs<V: AsRef<str>>(desc: &Desc, values: &[V]) -> prometheus::Result<Vec<LabelPair>> {
    let names = &desc.variable_labels;
    if names.len() != values.len() {
        return Err(Error::InconsistentCardinality {
            expect: names.len(),
            got: values.len(),
        });
    }
    let variable = names.iter().zip(values).map(|(name, value)| {
        let mut pair = LabelPair::default();
        pair.set_name(name.clone());
        pair.set_value(value.as_ref().to_owned());
        pair
    });
    let mut pairs: Vec<_> = variable.chain(desc.const_label_pairs.iter().cloned()).collect();
    pairs.sort();
    Ok(pairs)
}

//! Checks the names in `PromQL` queries: each metric must exist, and each label must be one of its metric's.

use std::collections::{BTreeMap, BTreeSet};

use promql_parser::parser::{
    self, AggregateExpr, BinaryExpr, Call, Expr, LabelModifier, VectorMatchCardinality, VectorSelector, token,
    value::ValueType,
};

/// A set of label names.
pub type Labels = BTreeSet<String>;

/// The metrics that exist, each with its labels.
#[derive(Debug, Default)]
pub struct Catalog {
    metrics: BTreeMap<String, Labels>,
}

impl Catalog {
    /// Adds a metric, or adds labels to a known one.
    pub fn add(&mut self, name: &str, labels: impl IntoIterator<Item = impl Into<String>>) {
        let there = self.metrics.entry(name.to_owned()).or_default();
        there.extend(labels.into_iter().map(Into::into));
    }

    /// Adds the metric of a series in the text format, with more labels of that metric.
    pub fn add_series(&mut self, series: &str, others: &[&str]) {
        let Ok(Expr::VectorSelector(selector)) = parser::parse(series) else {
            panic!("not a series: {series}");
        };
        let labels = selector.matchers.matchers.iter().map(|matcher| matcher.name.as_str());
        let name = selector.name.as_deref().expect("a series has a name");
        self.add(name, labels.chain(others.iter().copied()));
    }

    /// Returns the labels of an expression's result, and the complaints about its names.
    pub fn check(&self, expr: &str) -> (Labels, Vec<String>) {
        let mut check = Check {
            catalog: self,
            complaints: Vec::new(),
        };
        let labels = match parser::parse(expr) {
            Ok(expr) => check.expr(&expr),
            Err(error) => check.complain(error),
        };
        (labels, check.complaints)
    }
}

struct Check<'a> {
    catalog: &'a Catalog,
    complaints: Vec<String>,
}

impl Check<'_> {
    /// Returns the labels of the expression's result.
    fn expr(&mut self, expr: &Expr) -> Labels {
        match expr {
            Expr::VectorSelector(selector) => self.selector(selector),
            Expr::MatrixSelector(matrix) => self.selector(&matrix.vs),
            Expr::Subquery(subquery) => self.expr(&subquery.expr),
            Expr::Paren(paren) => self.expr(&paren.expr),
            Expr::Unary(unary) => self.expr(&unary.expr),
            Expr::Aggregate(aggregate) => self.aggregate(aggregate),
            Expr::Binary(binary) => self.binary(binary),
            Expr::Call(call) => self.call(call),
            Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Extension(_) => Labels::new(),
        }
    }

    fn selector(&mut self, selector: &VectorSelector) -> Labels {
        let name = selector.name.as_deref().unwrap_or_default();
        let Some(labels) = self.catalog.metrics.get(name) else {
            return self.complain(format!("there is no metric {name:?}"));
        };
        for matcher in &selector.matchers.matchers {
            self.require(&matcher.name, labels, name);
        }
        labels.clone()
    }

    fn aggregate(&mut self, aggregate: &AggregateExpr) -> Labels {
        let inner = self.expr(&aggregate.expr);
        match &aggregate.modifier {
            None => Labels::new(),
            Some(LabelModifier::Include(by)) => self.require_all(&by.labels, &inner, &aggregate.expr),
            Some(LabelModifier::Exclude(without)) => {
                let dropped = self.require_all(&without.labels, &inner, &aggregate.expr);
                &inner - &dropped
            }
        }
    }

    /// A function keeps the labels of its arguments; `histogram_quantile` consumes `le`.
    fn call(&mut self, call: &Call) -> Labels {
        let mut labels: Labels = call.args.args.iter().flat_map(|argument| self.expr(argument)).collect();
        if call.func.name == "histogram_quantile" && !labels.remove("le") {
            self.complain(format!("histogram_quantile needs the label le: {call}"));
        }
        labels
    }

    fn binary(&mut self, binary: &BinaryExpr) -> Labels {
        let (left, right) = (self.expr(&binary.lhs), self.expr(&binary.rhs));
        if binary.lhs.value_type() == ValueType::Scalar {
            return right;
        }
        if binary.rhs.value_type() == ValueType::Scalar {
            return left;
        }
        let modifier = binary.modifier.as_ref();
        let on = match modifier.and_then(|modifier| modifier.matching.as_ref()) {
            Some(LabelModifier::Include(on)) => {
                self.require_all(&on.labels, &right, &binary.rhs);
                self.require_all(&on.labels, &left, &binary.lhs)
            }
            _ if binary.op.is_set_operator() => Labels::new(),
            Some(LabelModifier::Exclude(ignored)) => self.matching(binary, &left, &right, &ignored.labels),
            None => self.matching(binary, &left, &right, &[]),
        };
        match modifier.map(|modifier| &modifier.card) {
            _ if binary.op.id() == token::T_LOR => &left | &right,
            _ if binary.op.is_set_operator() => left,
            Some(VectorMatchCardinality::ManyToOne(more)) => {
                &left | &self.require_all(&more.labels, &right, &binary.rhs)
            }
            Some(VectorMatchCardinality::OneToMany(more)) => {
                &right | &self.require_all(&more.labels, &left, &binary.lhs)
            }
            _ => on,
        }
    }

    /// Returns the labels that both sides match on. Without `on`, the sides must have the same labels, or nothing matches.
    fn matching(&mut self, binary: &BinaryExpr, left: &Labels, right: &Labels, ignored: &[String]) -> Labels {
        let without = |labels: &Labels| -> Labels {
            labels
                .iter()
                .filter(|label| !ignored.contains(label))
                .cloned()
                .collect()
        };
        let (left, right) = (without(left), without(right));
        if left != right {
            self.complain(format!("the labels {left:?} never match {right:?}: {binary}"));
        }
        left
    }

    fn require_all(&mut self, labels: &[String], there: &Labels, of: &Expr) -> Labels {
        for label in labels {
            self.require(label, there, &of.to_string());
        }
        labels.iter().cloned().collect()
    }

    fn require(&mut self, label: &str, there: &Labels, of: &str) {
        if !there.contains(label) {
            self.complain(format!("no label {label:?} in {there:?} of {of}"));
        }
    }

    fn complain(&mut self, complaint: String) -> Labels {
        self.complaints.push(complaint);
        Labels::new()
    }
}

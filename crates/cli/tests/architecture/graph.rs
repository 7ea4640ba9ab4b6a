//! Circles of a directed graph.

use std::collections::{BTreeMap, BTreeSet};

/// Which node points at which.
pub(crate) type Graph = BTreeMap<String, BTreeSet<String>>;

/// One circle for each node that is on one, shortest first, without repeating nodes.
pub(crate) fn circles(graph: &Graph) -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> =
        graph.keys().filter_map(|node| shortest_circle(graph, node)).collect();
    found.sort_by_key(Vec::len);
    let mut seen = BTreeSet::new();
    found.retain(|circle| {
        let is_new = circle.iter().all(|node| !seen.contains(node));
        seen.extend(circle.iter().cloned());
        is_new
    });
    found
}

/// The shortest way from a node back to itself, by breadth-first search.
fn shortest_circle(graph: &Graph, start: &str) -> Option<Vec<String>> {
    let mut ways = vec![vec![start.to_owned()]];
    let mut visited = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in graph.get(way.last()?).into_iter().flatten() {
                let mut way = way.clone();
                way.push(next.clone());
                if next == start {
                    return Some(way);
                }
                if visited.insert(next.clone()) {
                    longer.push(way);
                }
            }
        }
        ways = longer;
    }
    None
}

#[test]
fn a_circle_is_found_once_and_a_diamond_is_none() {
    let graph = |edges: &[(&str, &str)]| {
        let mut graph = Graph::new();
        for (from, to) in edges {
            graph.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        graph
    };
    let diamond = graph(&[("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]);
    assert!(circles(&diamond).is_empty());
    let circle = graph(&[("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]);
    assert_eq!(circles(&circle), [["a", "b", "c", "a"]]);
}

package bargain

import "slices"

// components groups the issues that pair terms and rules tie together, each
// group in the template's order, groups by their first issue.
func (p *Problem) components() [][]int {
	root := make([]int, len(p.t.Issues))
	for i := range root {
		root[i] = i
	}
	var find func(i int) int
	find = func(i int) int {
		if root[i] != i {
			root[i] = find(root[i])
		}
		return root[i]
	}
	for _, x := range p.pairs {
		root[find(x.i)] = find(x.j)
	}
	for _, c := range p.clauses {
		for _, l := range c[1:] {
			root[find(l.issue)] = find(c[0].issue)
		}
	}
	at := map[int]int{}
	var groups [][]int
	for i := range root {
		r := find(i)
		if _, ok := at[r]; !ok {
			at[r] = len(groups)
			groups = append(groups, nil)
		}
		groups[at[r]] = append(groups[at[r]], i)
	}
	slices.SortFunc(groups, func(a, b []int) int { return a[0] - b[0] })
	return groups
}

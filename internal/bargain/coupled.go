package bargain

import (
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"
)

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

// eliminate solves a component of issues that influence one another by bucket
// elimination: issues are settled one after another, the cheapest first, and
// for every way its neighbours may be settled only the sums no other surpasses
// are kept. What remains when all are settled are the component's efficient
// choices, each with a witness and a count.
func (p *Problem) eliminate(ctx context.Context, issues []int, o Options) (group, error) {
	e := &elimination{p: p, ctx: ctx, left: map[int]bool{}}
	for _, i := range issues {
		e.left[i] = true
	}
	e.pairs = slices.DeleteFunc(slices.Clone(p.pairs), func(x pair) bool { return !e.left[x.i] })
	e.clauses = slices.DeleteFunc(slices.Clone(p.clauses), func(c []literal) bool { return !e.left[c[0].issue] })
	for done := range issues {
		i, scope := e.next()
		if err := e.settle(i, scope); err != nil {
			return group{}, err
		}
		o.tell(Progress{Phase: "eliminate", Done: int64(done + 1), Total: int64(len(issues))})
	}
	all := cell{vec: make([]int64, p.n), count: []*big.Int{one}, why: []*settled{nil}}
	for _, m := range e.messages {
		all = all.plus(&m.cells[0], p.n).prune(p.n)
	}
	if len(all.count) == 0 {
		return group{}, &Refusal{Fault: NoDeal, Issue: p.t.Issues[issues[0]].ID, Why: fmt.Sprintf(
			"the rules contradict each other on the %d issues from %q on: no deal satisfies all of them; relax one", len(issues), p.t.Issues[issues[0]].ID)}
	}
	picks := make([]uint16, 0, len(all.count)*len(issues))
	d := make(Deal, len(p.t.Issues))
	for _, w := range all.why {
		w.write(d)
		for _, i := range issues {
			picks = append(picks, d[i])
		}
	}
	return sieve(issues, vectors{p.n, all.vec}, picks, all.count), nil
}

// Bounds of an elimination; beyond them it is refused with a sentence.
const (
	maxCells  = 2_000_000
	maxInCell = 500_000
)

// elimination is the state of bucket elimination over one component.
type elimination struct {
	p        *Problem
	ctx      context.Context
	left     map[int]bool
	pairs    []pair      // not yet accounted for
	clauses  [][]literal // not yet accounted for
	messages []message
}

// message holds, for every way its scope may be settled, what the issues
// settled so far can bring.
type message struct {
	scope []int // rising
	cells []cell
}

// cell is a set of sums with counts and witnesses.
type cell struct {
	vec   []int64
	count []*big.Int
	why   []*settled
}

// settled is a witness: an option chosen, and the witnesses it builds on.
type settled struct {
	issue  int
	option uint16
	a, b   *settled
}

func (w *settled) write(d Deal) {
	for ; w != nil; w = w.b {
		if w.issue >= 0 {
			d[w.issue] = w.option
		}
		w.a.write(d)
	}
}

// next picks the issue whose neighbours can be settled in the fewest ways.
func (e *elimination) next() (int, []int) {
	best, fewest, scope := -1, 0.0, []int(nil)
	for i := range e.p.t.Issues {
		if !e.left[i] {
			continue
		}
		s := e.neighbours(i)
		ways := 1.0
		for _, j := range s {
			ways *= float64(len(e.p.t.Issues[j].Options))
		}
		if best < 0 || ways < fewest {
			best, fewest, scope = i, ways, s
		}
	}
	return best, scope
}

func (e *elimination) neighbours(i int) []int {
	set := map[int]bool{}
	for _, x := range e.pairs {
		if x.i == i || x.j == i {
			set[x.i], set[x.j] = true, true
		}
	}
	for _, c := range e.clauses {
		if speaks(c, i) {
			for _, l := range c {
				set[l.issue] = true
			}
		}
	}
	for _, m := range e.messages {
		if slices.Contains(m.scope, i) {
			for _, j := range m.scope {
				set[j] = true
			}
		}
	}
	delete(set, i)
	return slices.Sorted(maps.Keys(set))
}

func speaks(c []literal, i int) bool {
	return slices.ContainsFunc(c, func(l literal) bool { return l.issue == i })
}

// settle eliminates issue i: it replaces everything that speaks of i by one
// message over its neighbours.
func (e *elimination) settle(i int, scope []int) error {
	cells := 1
	for _, j := range scope {
		if cells *= len(e.p.t.Issues[j].Options); cells*len(e.p.t.Issues[i].Options) > maxCells {
			return &Refusal{Fault: TooLarge, Issue: e.p.t.Issues[i].ID, Why: fmt.Sprintf(
				"issue %q and the issues tied to it by rules and pair terms can be settled in too many ways together (more than %d); loosen some ties or merge options",
				e.p.t.Issues[i].ID, maxCells)}
		}
	}
	b := &bucket{e: e, i: i}
	b.take()
	m := message{scope: scope, cells: make([]cell, cells)}
	d := make(Deal, len(e.p.t.Issues))
	for x := range m.cells {
		if e.ctx.Err() != nil {
			return fmt.Errorf("stopped while settling tied issues, before any deal was complete: %w", e.ctx.Err())
		}
		rest := x
		for s := len(scope) - 1; s >= 0; s-- {
			k := len(e.p.t.Issues[scope[s]].Options)
			d[scope[s]], rest = uint16(rest%k), rest/k
		}
		m.cells[x] = b.join(d)
		if len(m.cells[x].count) > maxInCell {
			return &Refusal{Fault: TooLarge, Issue: e.p.t.Issues[i].ID, Why: fmt.Sprintf(
				"the issues tied to %q have more than %d efficient settlements; ask for a single solution with fewer parties or coarser values", e.p.t.Issues[i].ID, maxInCell)}
		}
	}
	delete(e.left, i)
	e.messages = append(e.messages, m)
	return nil
}

// bucket is what speaks of the issue being settled.
type bucket struct {
	e        *elimination
	i        int
	pairs    []pair
	clauses  [][]literal
	messages []message
}

// take moves what speaks of the issue from the elimination to the bucket.
func (b *bucket) take() {
	e := b.e
	var pairs []pair
	for _, x := range e.pairs {
		if x.i == b.i || x.j == b.i {
			b.pairs = append(b.pairs, x)
		} else {
			pairs = append(pairs, x)
		}
	}
	var clauses [][]literal
	for _, c := range e.clauses {
		if speaks(c, b.i) {
			b.clauses = append(b.clauses, c)
		} else {
			clauses = append(clauses, c)
		}
	}
	var messages []message
	for _, m := range e.messages {
		if slices.Contains(m.scope, b.i) {
			b.messages = append(b.messages, m)
		} else {
			messages = append(messages, m)
		}
	}
	e.pairs, e.clauses, e.messages = pairs, clauses, messages
}

// join gathers, over the options of the issue, what can be brought when the
// neighbours are settled as in d.
func (b *bucket) join(d Deal) cell {
	p, n := b.e.p, b.e.p.n
	var all cell
	for o := range p.t.Issues[b.i].Options {
		d[b.i] = uint16(o)
		if slices.ContainsFunc(b.clauses, func(c []literal) bool { return !holds(c, d) }) {
			continue
		}
		v := slices.Clone(p.values[b.i][o*n : (o+1)*n])
		for _, x := range b.pairs {
			if int(d[x.i]) == x.a && int(d[x.j]) == x.b {
				for q := range n {
					v[q] += x.v[q]
				}
			}
		}
		c := cell{vec: v, count: []*big.Int{one}, why: []*settled{{issue: b.i, option: uint16(o)}}}
		for _, m := range b.messages {
			c = c.plus(&m.cells[p.cellAt(m.scope, d)], n).prune(n)
		}
		all.vec, all.count, all.why = append(all.vec, c.vec...), append(all.count, c.count...), append(all.why, c.why...)
	}
	return all.prune(n)
}

func (p *Problem) cellAt(scope []int, d Deal) int {
	x := 0
	for _, j := range scope {
		x = x*len(p.t.Issues[j].Options) + int(d[j])
	}
	return x
}

// plus is every sum of one from each cell.
func (c cell) plus(o *cell, n int) cell {
	var s cell
	for x := range c.count {
		for y := range o.count {
			for q := range n {
				s.vec = append(s.vec, c.vec[x*n+q]+o.vec[y*n+q])
			}
			ways := c.count[x]
			if o.count[y] != one {
				ways = new(big.Int).Mul(ways, o.count[y])
			}
			s.count = append(s.count, ways)
			s.why = append(s.why, &settled{issue: -1, a: c.why[x], b: o.why[y]})
		}
	}
	return s
}

// prune keeps what no other surpasses and counts equal ones together.
func (c cell) prune(n int) cell {
	if len(c.count) < 2 {
		return c
	}
	vs := vectors{n, c.vec}
	order := vs.sorted()
	kept := vs.maxima(order)
	var s cell
	next := 0
	for _, i := range kept {
		for order[next] != i {
			next++
		}
		ways := c.count[i]
		for next++; next < len(order) && slices.Equal(vs.at(order[next]), vs.at(i)); next++ {
			ways = new(big.Int).Add(ways, c.count[order[next]])
		}
		s.vec, s.count, s.why = append(s.vec, vs.at(i)...), append(s.count, ways), append(s.why, c.why[i])
	}
	return s
}

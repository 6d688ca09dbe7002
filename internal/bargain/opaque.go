package bargain

import (
	"context"
	"math/big"
	"slices"
)

// stream asks opaque scorings about every deal, once, and keeps what no other
// deal surpasses, with counts: a problem of one group. It also finds each
// party's worst. When the context ends it returns what was seen.
func (p *Problem) stream(ctx context.Context, o Options) (group, []int64, Limit, error) {
	w := &streaming{p: p, kept: group{vec: vectors{n: p.n}}}
	for i := range p.t.Issues {
		w.kept.issues = append(w.kept.issues, i)
	}
	total := p.Deals().Int64()
	w.fresh.n = p.n
	seen, full := int64(0), false
	err := p.Enumerate(ctx, func(d Deal, u []int64) bool {
		if seen++; seen&0xfffff == 0 {
			o.tell(Progress{Phase: "enumerate", Done: seen, Total: total})
		}
		w.see(d, u)
		full = len(w.kept.vec.v)/p.n > o.Budget.points()
		return !full
	})
	w.merge()
	limit := NoLimit
	if err != nil {
		limit = Cancelled
	} else if full {
		limit = PointLimit
	}
	if w.kept.len() == 0 {
		if err != nil {
			return group{}, nil, limit, err
		}
		return group{}, nil, limit, &Refusal{Fault: NoDeal, Why: "the rules contradict each other: no deal satisfies all of them; relax one"}
	}
	return w.kept, w.worst, limit, nil
}

// streaming keeps the best of what passes by, in batches.
type streaming struct {
	p     *Problem
	kept  group
	guard bulwark
	worst []int64
	fresh vectors
	picks []uint16
}

const batch = 1 << 14

func (w *streaming) see(d Deal, u []int64) {
	if w.worst == nil {
		w.worst = slices.Clone(u)
	}
	for q, v := range u {
		w.worst[q] = min(w.worst[q], v)
	}
	if w.guard.n > 0 && w.guard.surpasses(u) && !slices.Equal(w.guard.last, u) {
		return
	}
	w.fresh.v, w.picks = append(w.fresh.v, u...), append(w.picks, d...)
	if w.fresh.len() >= batch {
		w.merge()
	}
}

// merge sieves the fresh deals together with those kept.
func (w *streaming) merge() {
	if w.fresh.len() == 0 {
		return
	}
	count := make([]*big.Int, 0, w.kept.len()+w.fresh.len())
	for c := range w.kept.len() {
		count = append(count, w.kept.ways(c))
	}
	for range w.fresh.len() {
		count = append(count, one)
	}
	vec := vectors{w.p.n, slices.Concat(w.kept.vec.v, w.fresh.v)}
	w.kept = sieve(w.kept.issues, vec, slices.Concat(w.kept.picks, w.picks), count)
	w.fresh.v, w.picks = w.fresh.v[:0], w.picks[:0]
	w.guard = bulwark{n: w.p.n}
	for c := range w.kept.len() {
		w.guard.add(w.kept.vec.at(int32(c)))
	}
}

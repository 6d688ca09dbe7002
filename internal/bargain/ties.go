package bargain

import (
	"context"
	"fmt"
	"math/big"
)

// FrontierDeals counts the deals whose utilities lie on the frontier, ties
// included: often many more than the frontier has points.
func (p *Problem) FrontierDeals(ctx context.Context, r Region, o Options) (*big.Int, error) {
	f, err := p.Frontier(ctx, r, o)
	if err != nil {
		return nil, err
	}
	if f.Guarantee.Kind != Exact {
		return nil, &Refusal{Fault: TooLarge, Why: "the frontier was not completed, so its deals cannot be counted"}
	}
	total := new(big.Int)
	targets := make([][]int64, len(f.Points))
	for i, x := range f.Points {
		targets[i] = x.Utilities
	}
	counts, err := p.Ties(ctx, targets, o)
	if err != nil {
		return nil, err
	}
	for _, c := range counts {
		total.Add(total, c)
	}
	return total, nil
}

// Ties counts, for each of some efficient utility vectors, the deals that give
// exactly these utilities. Vectors that are not efficient may be undercounted,
// because deals are looked for among choices no other choice surpasses.
func (p *Problem) Ties(ctx context.Context, targets [][]int64, o Options) ([]*big.Int, error) {
	s, err := p.space(ctx, o)
	if err != nil {
		return nil, err
	}
	w := newSums(s, nil)
	// low[k]: the least that groups k.. bring, so that remainders that no
	// choice can meet are cut early.
	low := make([][]int64, len(w.order)+1)
	low[len(w.order)] = make([]int64, s.n)
	for k := len(w.order) - 1; k >= 0; k-- {
		low[k] = make([]int64, s.n)
		vec := s.groups[w.order[k]].vec
		for q := range s.n {
			lo := vec.v[q]
			for c := q; c < len(vec.v); c += s.n {
				lo = min(lo, vec.v[c])
			}
			low[k][q] = low[k+1][q] + lo
		}
	}
	c := &counter{w: w, low: low, ctx: ctx, memo: map[string]*big.Int{}, most: 20 * o.Budget.partials()}
	counts := make([]*big.Int, len(targets))
	for i, u := range targets {
		if len(u) != s.n {
			return nil, &Refusal{Fault: BadTemplate, Why: "utilities to count need one value for each party"}
		}
		counts[i] = c.count(0, u)
		if c.err != nil {
			return nil, c.err
		}
	}
	return counts, nil
}

// counter counts ways to bring an exact remainder with the groups from k on,
// remembering what it counted.
type counter struct {
	w    *sums
	low  [][]int64
	ctx  context.Context
	memo map[string]*big.Int
	most int
	err  error
}

var none = new(big.Int)

func (c *counter) count(k int, rest []int64) *big.Int {
	if c.err != nil {
		return none
	}
	for q, r := range rest {
		if r < c.low[k][q] || r > c.w.rest[k][q] {
			return none
		}
	}
	if k == len(c.w.order) {
		return one
	}
	key := fmt.Sprint(k, rest)
	if n, ok := c.memo[key]; ok {
		return n
	}
	if len(c.memo)&1023 == 0 && c.ctx.Err() != nil {
		c.err = c.ctx.Err()
	}
	if len(c.memo) >= c.most {
		c.err = &Refusal{Fault: TooLarge, Why: "there are too many ways to tie to count them; ask about a single point, or allow more partial deals"}
		return none
	}
	g := &c.w.s.groups[c.w.order[k]]
	total, next := new(big.Int), make([]int64, len(rest))
	for x := range g.len() {
		for q, v := range g.vec.at(int32(x)) {
			next[q] = rest[q] - v
		}
		if n := c.count(k+1, next); n.Sign() > 0 {
			total.Add(total, new(big.Int).Mul(n, g.ways(x)))
		}
	}
	c.memo[key] = total
	return total
}

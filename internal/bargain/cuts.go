package bargain

import (
	"slices"

	"parley/internal/certificate"
)

// cut is a proof by prices that a partial sum cannot come up to a floor: at
// these prices it is worth less than the dearest partial sum by more than the
// dearest whole is worth above the floor. One cut takes off a corner that no
// bound on single parties sees.
type cut struct {
	prices []int64
	best   []int64 // best[k]: what the first k groups are worth at most
	allow  int64
}

// tilt is by how much a cut leans towards one party.
const tilt = 4

// cuts makes prices for a floor: even ones, and one set leaning away from
// each party.
func (w *sums) cuts(f *field, floor []int64) (list []cut) {
	at := *f
	at.offset = make([]int64, f.n)
	even := make([]int64, f.n)
	for q := range f.n {
		at.offset[q] = f.offset[q] + f.s.reserve[q] - floor[q]
		even[q] = tilt * f.s.span(q)
	}
	scales := [][]int64{even}
	for q := range f.n {
		leaning := slices.Clone(even)
		leaning[q] /= tilt * tilt
		leaning[q] = max(1, leaning[q])
		scales = append(scales, leaning)
	}
	for _, scale := range scales {
		s := newSearch(&at, certificate.Question{Aim: certificate.Least, Scale: scale}, 1)
		c := cut{prices: s.prices, best: make([]int64, len(w.order)+1), allow: s.dear}
		for k, g := range w.order {
			c.best[k+1] = c.best[k]
			for q, v := range f.s.groups[g].vec.at(int32(s.start[g])) {
				c.best[k+1] += c.prices[q] * v
			}
		}
		list = append(list, c)
	}
	return list
}

// passes says whether the sum of two partial sums, of k groups in all, may
// still come up to the floor. The worths may run over, but their difference is
// small and comes out right.
func (c *cut) passes(k int, a, b []int64) bool {
	short := c.best[k]
	for q, l := range c.prices {
		short -= l * (a[q] + b[q])
	}
	return short <= c.allow
}

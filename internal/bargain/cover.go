package bargain

import (
	"context"
	"math"
	"slices"

	"parley/internal/certificate"
)

// Cover finds a few points that stand for the whole frontier in a region: for
// every deal in the region some listed point gives each party at least as
// much, less eps of that party's range. The range is that of the party's
// utility over what is efficient issue by issue. eps lies above 0 and below 1.
//
// What no listed point covers is kept as a set of zones, each "more than this
// for everybody" (local bounds as in Klamroth, Lacour, Vanderpooten 2015).
// Zone by zone the search finds a deal in it, which joins the list, or proves
// that there is none. Zones left undecided by a limit widen the guarantee.
func (p *Problem) Cover(ctx context.Context, eps float64, r Region, o Options) (Frontier, error) {
	if !(eps > 0 && eps < 1) {
		return Frontier{}, &Refusal{Fault: BadTemplate, Why: "a cover needs a distance above 0 and below 1, such as 0.02 for 2 %"}
	}
	if r.Floor != nil && len(r.Floor) != p.n {
		return Frontier{}, &Refusal{Fault: BadTemplate, Why: "the region needs one floor for each party"}
	}
	a, err := p.asking(ctx, o)
	if err != nil {
		return Frontier{}, err
	}
	c := newCovering(a, eps, r.Floor)
	c.run(ctx)
	f := Frontier{Points: thin(c.points, p.n), Guarantee: Guarantee{Kind: Within, Eps: max(eps, c.beyond()), Limit: c.limit}}
	if a.s.limit != NoLimit {
		f.Guarantee = Guarantee{Kind: Stopped, Eps: 1, Limit: a.s.limit}
	} else if f.Guarantee.Eps >= 1 {
		f.Guarantee.Kind, f.Guarantee.Eps = Stopped, 1
	}
	return f, nil
}

// covering is a cover in the making.
type covering struct {
	a      *asking
	n      int
	room   []int64 // eps of each party's range, in whole units
	scale  []int64 // the ranges
	zones  [][]int64
	points []Point
	open   [][]int64 // the largest utilities in each undecided zone
	tried  []tariff  // prices of late, by which zones are bounded that no time is left for
	limit  Limit
}

// tariff is a set of prices with what no deal's utilities are worth more than
// at them.
type tariff struct {
	prices []int64
	at     []int64 // the zone they were made for
	spare  int64   // the worth left there, past just more than at for everybody
}

func newCovering(a *asking, eps float64, floor []int64) *covering {
	c := &covering{a: a, n: a.p.n, room: make([]int64, a.p.n), scale: make([]int64, a.p.n)}
	start := make([]int64, c.n)
	for q := range c.n {
		c.scale[q] = a.s.span(q)
		c.room[q] = int64(math.Floor(eps * float64(c.scale[q])))
		if start[q] = a.s.lo[q] - 1; floor != nil {
			start[q] = max(start[q], floor[q]-1)
		}
	}
	c.zones = [][]int64{start}
	return c
}

func (c *covering) run(ctx context.Context) {
	for len(c.zones) > 0 {
		if ctx.Err() != nil {
			c.limit = Cancelled
		} else if len(c.points) >= c.a.o.Budget.points() || len(c.zones) > maxZones {
			c.limit = PointLimit
		}
		if len(c.tried) > 0 && (c.limit == Cancelled || c.limit == PointLimit) {
			c.leave()
			return
		}
		z := c.widest()
		at := c.zones[z]
		s := c.zone(at)
		c.try(s, at)
		s.run(ctx)
		c.a.o.tell(Progress{Phase: "cover", Done: int64(len(c.points)), Total: int64(len(c.points) + len(c.zones))})
		switch {
		case s.best != nil:
			c.add(c.lift(s, at))
		case s.limit != NoLimit:
			c.open = append(c.open, c.farthest(at))
			if c.limit == NoLimit {
				c.limit = s.limit
			}
			c.drop(z)
		default:
			c.drop(z)
		}
	}
}

// maxZones bounds the zones of many parties, which multiply faster than the
// points do; beyond it the cover ends with PointLimit.
const maxZones = 1 << 14

// tariffs is how many sets of prices are remembered.
const tariffs = 64

// try remembers the prices of a search in a zone.
func (c *covering) try(s *search, at []int64) {
	spare := s.dear
	for _, l := range s.prices {
		spare -= l // a gain of 1 over at
	}
	c.tried = append(c.tried, tariff{s.prices, at, spare})
	if len(c.tried) > tariffs {
		c.tried = c.tried[1:]
	}
}

// leave gives up on every zone that is left, each bounded by all prices that
// are remembered: making prices for each would take too long.
func (c *covering) leave() {
	for _, at := range c.zones {
		c.open = append(c.open, c.farthest(at))
	}
	c.zones = nil
}

// farthest bounds what an undecided zone can hold: everybody has more than
// at, so nobody can have more than prices leave when the others have just
// that. Any prices bound any zone.
func (c *covering) farthest(at []int64) []int64 {
	most := slices.Clone(c.a.s.hi)
	for _, t := range c.tried {
		spare := t.spare
		for q, l := range t.prices {
			spare -= l * (at[q] - t.at[q])
		}
		for q, l := range t.prices {
			if l > 0 {
				most[q] = min(most[q], at[q]+1+max(0, spare)/l)
			}
		}
	}
	return most
}

// beyond is how far undecided zones may reach past the listed points, as a
// share of the ranges.
func (c *covering) beyond() float64 {
	worst := 0.0
	for _, most := range c.open {
		nearest := math.Inf(1)
		for _, y := range c.points {
			far := 0.0
			for q, u := range y.Utilities {
				far = max(far, float64(most[q]-u)/float64(c.scale[q]))
			}
			nearest = min(nearest, far)
		}
		worst = max(worst, nearest)
	}
	return worst
}

// zone asks for a deal that gives everybody more than at.
func (c *covering) zone(at []int64) *search {
	f := *c.a.f
	f.offset = make([]int64, c.n)
	floors := make([]int64, c.n)
	for q := range c.n {
		f.offset[q] = c.a.f.offset[q] + c.a.s.reserve[q] - at[q]
		floors[q] = 1
	}
	s := newSearch(&f, certificate.Question{Aim: certificate.Least, Scale: c.scale, Floors: floors}, c.a.o.Budget.partials())
	s.any = true
	return s
}

// lift turns what was found into an efficient point, or nearly: one choice at
// a time, nobody losing.
func (c *covering) lift(s *search, at []int64) Point {
	choice, gains := s.best.choice, slices.Clone(s.best.gains)
	for moved := true; moved; {
		moved = false
		for g, v := range s.f.vals {
			for k := range s.losses[g] {
				from := choice[g] * c.n
				better, worse := false, false
				for q := range c.n {
					d := v[k*c.n+q] - v[from+q]
					better, worse = better || d > 0, worse || d < 0
				}
				if better && !worse {
					for q := range c.n {
						gains[q] += v[k*c.n+q] - v[from+q]
					}
					choice[g], moved = k, true
				}
			}
		}
	}
	for q := range gains {
		gains[q] += at[q]
	}
	return Point{gains, c.a.s.deal(choice, len(c.a.p.t.Issues))}
}

// widest picks the zone in which most can still be found.
func (c *covering) widest() int {
	best, most := 0, math.Inf(-1)
	for z, at := range c.zones {
		least := math.Inf(1)
		for q, l := range at {
			least = min(least, float64(c.a.s.hi[q]-l)/float64(c.scale[q]))
		}
		if least > most {
			best, most = z, least
		}
	}
	return best
}

func (c *covering) drop(z int) {
	c.zones[z] = c.zones[len(c.zones)-1]
	c.zones = c.zones[:len(c.zones)-1]
}

// add lists a point and takes what it covers out of the zones.
func (c *covering) add(x Point) {
	c.points = append(c.points, x)
	reach := make([]int64, c.n) // everything at most this is covered
	for q := range reach {
		reach[q] = x.Utilities[q] + c.room[q]
	}
	var keep, cut [][]int64
	for _, at := range c.zones {
		touched := true
		for q, l := range at {
			touched = touched && l < reach[q]
		}
		if !touched {
			keep = append(keep, at)
			continue
		}
		for q := range at {
			if reach[q] < c.a.s.hi[q] { // beyond the most there is nothing
				next := slices.Clone(at)
				next[q] = reach[q]
				cut = append(cut, next)
			}
		}
	}
	// A zone inside another is not needed.
	slices.SortFunc(cut, func(x, y []int64) int { return slices.Compare(x, y) })
	cut = slices.CompactFunc(cut, slices.Equal)
	inside := func(z []int64, in [][]int64) bool {
		return slices.ContainsFunc(in, func(w []int64) bool { return covers(z, w) && !slices.Equal(z, w) })
	}
	for _, z := range cut {
		if !inside(z, cut) && !inside(z, keep) && !slices.ContainsFunc(keep, func(w []int64) bool { return slices.Equal(z, w) }) {
			keep = append(keep, z)
		}
	}
	c.zones = keep
}

package certificate

import (
	"context"
	"fmt"
	"math/big"
	"slices"
)

// DefaultSteps bounds the checker's work when Verify is given 0.
const DefaultSteps = 200_000_000

// Refused is why a proof was not accepted. Unfinished says that the proof was
// not found wrong, but could not be checked within the steps or the time
// allowed; it is not accepted either.
type Refused struct {
	Why        string
	Unfinished bool
}

func (r *Refused) Error() string { return "the certificate is refused: " + r.Why }

func refuse(format string, args ...any) error { return &Refused{Why: fmt.Sprintf(format, args...)} }

// Verify checks the proof against the tables. It returns nil only if the
// claim is true of them; otherwise a *Refused. steps bounds the work; 0 means
// DefaultSteps.
func Verify(ctx context.Context, t *Tables, p *Proof, steps int) error {
	if steps <= 0 {
		steps = DefaultSteps
	}
	if err := t.check(); err != nil {
		return err
	}
	if p == nil {
		return refuse("there is none")
	}
	for _, s := range p.Scales {
		if s == nil || len(s.Scales) > 0 {
			return refuse("its proofs of ideal gains have the wrong form")
		}
	}
	if p.Seal != p.seal() {
		return refuse("its seal does not match its words; it was altered or damaged")
	}
	return (&checker{ctx: ctx, t: t, p: p, q: &p.Question, n: t.Parties, steps: steps}).verify(t.Digest())
}

// check refuses tables of the wrong shape and sums that could overflow.
func (t *Tables) check() error {
	if t.Parties < 1 || t.Parties > 8 || len(t.Offset) != t.Parties {
		return refuse("the tables are for %d parties; 1 to 8 are possible", t.Parties)
	}
	const room = 1 << 62
	for p := range t.Parties {
		total := abs(t.Offset[p])
		for i, vs := range t.Values {
			if len(vs) == 0 || len(vs)%t.Parties != 0 || len(vs)/t.Parties > 65535 {
				return refuse("issue %d of the tables has a wrong number of values", i+1)
			}
			most := uint64(0)
			for o := p; o < len(vs); o += t.Parties {
				most = max(most, abs(vs[o]))
			}
			if total += most; total >= room {
				return refuse("the sums in the tables do not fit into 62 bits")
			}
		}
	}
	return nil
}

func abs(v int64) uint64 {
	if v < 0 {
		return uint64(-v)
	}
	return uint64(v)
}

// checker holds one claim while it is examined.
type checker struct {
	ctx   context.Context
	t     *Tables
	p     *Proof
	q     *Question
	n     int
	steps int

	gains  []int64 // of the claimed deal
	shares []share // of the claimed deal, least first
	value  wide    // product of the claimed deal
	sum    *big.Int
}

func (c *checker) verify(digest string) error {
	if c.p.Tables != digest {
		return refuse("it speaks of other tables")
	}
	if err := c.shape(); err != nil {
		return err
	}
	if err := c.claim(); err != nil {
		return err
	}
	if err := c.scales(digest); err != nil {
		return err
	}
	if c.p.Bound != nil {
		if err := c.bound(); err != nil {
			return err
		}
	}
	if c.p.Exact {
		return c.exact()
	}
	if c.p.Bound == nil {
		return refuse("it claims nothing")
	}
	return nil
}

func (c *checker) shape() error {
	q, n := c.q, c.n
	switch q.Aim {
	case Product, Sum:
		if len(q.Weights) != n || q.Scale != nil {
			return refuse("it needs one weight for each party")
		}
		for _, w := range q.Weights {
			if w < 0 || (q.Aim == Product && w > 64) {
				return refuse("the weight %d is out of bounds", w)
			}
		}
		if slices.Max(q.Weights) == 0 {
			return refuse("all its weights are 0")
		}
	case Least:
		if len(q.Scale) != n || q.Weights != nil {
			return refuse("it needs one scale for each party")
		}
		for _, s := range q.Scale {
			if s < 1 || s >= 1<<62 {
				return refuse("the scale %d is out of bounds", s)
			}
		}
	default:
		return refuse("its aim %q is unknown", q.Aim)
	}
	if q.Floors != nil && len(q.Floors) != n {
		return refuse("it needs one floor for each party")
	}
	if len(c.p.Prices) != n {
		return refuse("it needs one price for each party")
	}
	for _, l := range c.p.Prices {
		if l < 0 || l >= 1<<62 {
			return refuse("the price %d is out of bounds", l)
		}
	}
	if slices.Max(c.p.Prices) == 0 {
		return refuse("all its prices are 0")
	}
	if c.p.Exact && c.p.Deal == nil {
		return refuse("it claims a best deal and names none")
	}
	return nil
}

// claim computes what the claimed deal is worth and that it is allowed.
func (c *checker) claim() error {
	if c.p.Deal == nil {
		return nil
	}
	if len(c.p.Deal) != len(c.t.Values) {
		return refuse("its deal settles %d issues of %d", len(c.p.Deal), len(c.t.Values))
	}
	c.gains = slices.Clone(c.t.Offset)
	for i, o := range c.p.Deal {
		if (int(o)+1)*c.n > len(c.t.Values[i]) {
			return refuse("its deal picks option %d of issue %d, which is not there", o+1, i+1)
		}
		for p := range c.n {
			c.gains[p] += c.t.Values[i][int(o)*c.n+p]
		}
	}
	if !c.allowed(c.gains) {
		return refuse("its deal gives a party less than its floor")
	}
	switch c.q.Aim {
	case Product:
		c.value = c.product(c.gains)
	case Least:
		c.shares = c.sorted(c.gains, nil)
	case Sum:
		c.sum = c.total(c.gains)
	}
	return nil
}

// allowed says whether gains keep the floors. A product also needs every
// weighted gain to be positive.
func (c *checker) allowed(g []int64) bool {
	for p, v := range g {
		if c.q.Floors != nil && v < c.q.Floors[p] {
			return false
		}
		if c.q.Aim == Product && c.q.Weights[p] > 0 && v <= 0 {
			return false
		}
	}
	return true
}

// scales checks the proofs of ideal gains, if there are any.
func (c *checker) scales(digest string) error {
	if len(c.p.Scales) == 0 {
		return nil
	}
	if c.q.Aim != Least || len(c.p.Scales) != c.n {
		return refuse("it needs one proof of an ideal gain for each party")
	}
	for p, s := range c.p.Scales {
		if s == nil || !s.Exact || s.Question.Aim != Sum || len(s.Scales) != 0 || s.Seal != s.seal() ||
			len(s.Question.Floors) != c.n || slices.Max(s.Question.Floors) != 0 || slices.Min(s.Question.Floors) != 0 {
			return refuse("the proof of the ideal gain of party %d has the wrong form", p+1)
		}
		for o, w := range s.Question.Weights {
			if (w != 0) != (o == p) {
				return refuse("the proof of the ideal gain of party %d speaks of another aim", p+1)
			}
		}
		sub := &checker{ctx: c.ctx, t: c.t, p: s, q: &s.Question, n: c.n, steps: c.steps}
		if err := sub.verify(digest); err != nil {
			return err
		}
		c.steps = sub.steps
		if max(sub.gains[p], 1) != c.q.Scale[p] { // a party that can gain nothing is measured in units
			return refuse("the ideal gain of party %d is %d, not %d", p+1, sub.gains[p], c.q.Scale[p])
		}
	}
	return nil
}

// dearest is D: the largest weighted worth of any deal at the prices.
func (c *checker) dearest() *big.Int {
	d := new(big.Int)
	for p, v := range c.t.Offset {
		d.Add(d, mul(v, c.p.Prices[p]))
	}
	for _, vs := range c.t.Values {
		var best *big.Int
		for o := 0; o < len(vs); o += c.n {
			w := new(big.Int)
			for p := range c.n {
				w.Add(w, mul(vs[o+p], c.p.Prices[p]))
			}
			if best == nil || w.Cmp(best) > 0 {
				best = w
			}
		}
		d.Add(d, best)
	}
	return d
}

func mul(a, b int64) *big.Int { return new(big.Int).Mul(big.NewInt(a), big.NewInt(b)) }

// bound checks that no deal passes the bound, from the prices alone.
func (c *checker) bound() error {
	d, reach := new(big.Rat).SetInt(c.dearest()), new(big.Rat)
	switch c.q.Aim {
	case Product:
		if err := c.fullPrices(); err != nil {
			return err
		}
		d.Sub(d, new(big.Rat).SetInt(c.idle()))
		if d.Sign() <= 0 {
			break // no deal gives everybody a positive gain
		}
		// Π g^a ≤ Π (a·D/(A·λ))^a, since Σ λ·g ≤ D.
		all := int64(0)
		for _, a := range c.q.Weights {
			all += a
		}
		reach.SetInt64(1)
		for p, a := range c.q.Weights {
			f := new(big.Rat).SetFrac(big.NewInt(a), mul(all, c.p.Prices[p]).Add(mul(all, c.p.Prices[p]), zeroGuard(a, c.p.Prices[p])))
			f.Mul(f, d)
			for range a {
				reach.Mul(reach, f)
			}
		}
	case Least:
		s := new(big.Int)
		for p, l := range c.p.Prices {
			s.Add(s, mul(l, c.q.Scale[p]))
		}
		reach.Quo(d, new(big.Rat).SetInt(s))
	case Sum:
		extra, err := c.surcharge()
		if err != nil {
			return err
		}
		reach.Sub(d, new(big.Rat).SetInt(extra))
	}
	if reach.Cmp(c.p.Bound) > 0 {
		return refuse("its prices prove only %s, not %s", reach.FloatString(6), c.p.Bound.FloatString(6))
	}
	return nil
}

// zeroGuard keeps a fraction's denominator from being 0 for a party that has
// neither weight nor price; its factor is never used.
func zeroGuard(weight, price int64) *big.Int {
	if weight == 0 && price == 0 {
		return big.NewInt(1)
	}
	return new(big.Int)
}

// fullPrices refuses a product whose weighted parties have no price, and a
// price on a party that has neither weight nor floor.
func (c *checker) fullPrices() error {
	for p, a := range c.q.Weights {
		if a > 0 && c.p.Prices[p] == 0 {
			return refuse("party %d has a weight and no price", p+1)
		}
		if a == 0 && c.p.Prices[p] > 0 && (c.q.Floors == nil || c.q.Floors[p] == None) {
			return refuse("party %d has a price and neither weight nor floor", p+1)
		}
	}
	return nil
}

// idle is the worth that parties without weight take up at least: price times
// floor.
func (c *checker) idle() *big.Int {
	s := new(big.Int)
	for p, a := range c.q.Weights {
		if a == 0 && c.p.Prices[p] > 0 {
			s.Add(s, mul(c.p.Prices[p], c.q.Floors[p]))
		}
	}
	return s
}

// surcharge is Σ (λ - w)·floor: what prices beyond the weights of a sum add
// to the worth of every deal that keeps the floors.
func (c *checker) surcharge() (*big.Int, error) {
	s := new(big.Int)
	for p, w := range c.q.Weights {
		extra := c.p.Prices[p] - w
		if extra < 0 {
			return nil, refuse("the price of party %d is below its weight", p+1)
		}
		if extra == 0 {
			continue
		}
		if c.q.Floors == nil || c.q.Floors[p] == None {
			return nil, refuse("party %d has a price above its weight and no floor", p+1)
		}
		s.Add(s, mul(extra, c.q.Floors[p]))
	}
	return s, nil
}

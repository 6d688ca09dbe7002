package certificate

import (
	"math/big"
	"math/bits"
	"slices"
)

// share is gain over scale, compared by cross multiplication.
type share struct{ gain, scale int64 }

func (a share) cmp(b share) int {
	x, y := cross(a.gain, b.scale), cross(b.gain, a.scale)
	return x.cmp(y)
}

// signed128 is a·b for b ≥ 0.
type signed128 struct {
	neg    bool
	hi, lo uint64
}

func cross(a, b int64) signed128 {
	hi, lo := bits.Mul64(abs(a), uint64(b))
	return signed128{a < 0 && b != 0, hi, lo}
}

func (x signed128) cmp(y signed128) int {
	if x.neg != y.neg {
		if x.neg {
			return -1
		}
		return 1
	}
	r := 0
	switch {
	case x.hi != y.hi && x.hi < y.hi, x.hi == y.hi && x.lo < y.lo:
		r = -1
	case x.hi != y.hi || x.lo != y.lo:
		r = 1
	}
	if x.neg {
		return -r
	}
	return r
}

// sorted gives the shares of gains, least first, in to.
func (c *checker) sorted(g []int64, to []share) []share {
	to = to[:0]
	for p, v := range g {
		s := share{v, c.q.Scale[p]}
		at := len(to)
		for at > 0 && s.cmp(to[at-1]) < 0 {
			at--
		}
		to = slices.Insert(to, at, s)
	}
	return to
}

// wide is a natural number in 64-bit digits, lowest first.
type wide []uint64

func (w wide) times(v uint64) wide {
	carry := uint64(0)
	for i, d := range w {
		hi, lo := bits.Mul64(d, v)
		var c uint64
		w[i], c = bits.Add64(lo, carry, 0)
		carry = hi + c
	}
	if carry > 0 {
		w = append(w, carry)
	}
	return w
}

func (w wide) cmp(v wide) int {
	if len(w) != len(v) {
		if len(w) < len(v) {
			return -1
		}
		return 1
	}
	for i := len(w) - 1; i >= 0; i-- {
		if w[i] != v[i] {
			if w[i] < v[i] {
				return -1
			}
			return 1
		}
	}
	return 0
}

// product is Π g^weight of positive gains.
func (c *checker) product(g []int64) wide {
	w := make(wide, 1, 8)
	w[0] = 1
	for p, a := range c.q.Weights {
		for range a {
			w = w.times(uint64(g[p]))
		}
	}
	return w
}

func (c *checker) total(g []int64) *big.Int {
	s := new(big.Int)
	for p, w := range c.q.Weights {
		s.Add(s, mul(g[p], w))
	}
	return s
}

// better says whether gains beat the claimed deal. It never says no to gains
// that are larger for every party than some for which it says yes, so it can
// be asked about the corner of a box.
func (c *checker) better(g []int64) bool {
	if !c.allowed(g) {
		return false
	}
	switch c.q.Aim {
	case Product:
		return c.product(g).cmp(c.value) > 0
	case Least:
		var room [8]share
		for i, s := range c.sorted(g, room[:0]) {
			if r := s.cmp(c.shares[i]); r != 0 {
				return r > 0
			}
		}
		return false
	default:
		return c.total(g).Cmp(c.sum) > 0
	}
}

// need is the least weighted worth a deal better than the claimed one can
// have.
func (c *checker) need() (*big.Int, error) {
	need := new(big.Int)
	switch c.q.Aim {
	case Product:
		if err := c.fullPrices(); err != nil {
			return nil, err
		}
		// λ·g ≥ A·(Π (λ/a)^a · (P+1))^(1/A): the least n with
		// n^A·Πa^a ≥ A^A·Πλ^a·(P+1).
		all := int64(0)
		left, right := big.NewInt(1), big.NewInt(1)
		for p, a := range c.q.Weights {
			all += a
			e := big.NewInt(a)
			left.Mul(left, new(big.Int).Exp(big.NewInt(a), e, nil))
			right.Mul(right, new(big.Int).Exp(big.NewInt(c.p.Prices[p]), e, nil))
		}
		right.Mul(right, new(big.Int).Exp(big.NewInt(all), big.NewInt(all), nil))
		value := big.NewInt(1)
		for p, a := range c.q.Weights {
			value.Mul(value, new(big.Int).Exp(big.NewInt(c.gains[p]), big.NewInt(a), nil))
		}
		right.Mul(right, value.Add(value, big.NewInt(1)))
		need.Add(rootUp(left, right, all), c.idle())
	case Least:
		// Every share must reach the claimed least share t: g ≥ ⌈t·scale⌉.
		t := c.shares[0]
		for p, l := range c.p.Prices {
			up := mul(t.gain, c.q.Scale[p])
			up.Add(up, big.NewInt(t.scale-1))
			up.Div(up, big.NewInt(t.scale)) // Euclidean, so this is the ceiling
			if low := big.NewInt(c.lowest(p)); up.Cmp(low) < 0 {
				up = low // every deal gives that much
			}
			need.Add(need, up.Mul(up, big.NewInt(l)))
		}
	default:
		extra, err := c.surcharge()
		if err != nil {
			return nil, err
		}
		need.Add(c.sum, extra)
		need.Add(need, big.NewInt(1))
	}
	return need, nil
}

// lowest is a gain no deal falls below.
func (c *checker) lowest(p int) int64 {
	low := c.t.Offset[p]
	for _, vs := range c.t.Values {
		least := vs[p]
		for o := p; o < len(vs); o += c.n {
			least = min(least, vs[o])
		}
		low += least
	}
	return low
}

// rootUp is the least n ≥ 0 with n^e·left ≥ right.
func rootUp(left, right *big.Int, e int64) *big.Int {
	lo, hi := big.NewInt(-1), new(big.Int).Lsh(big.NewInt(1), uint(right.BitLen()/int(e)+2))
	for one := big.NewInt(1); new(big.Int).Sub(hi, lo).Cmp(one) > 0; {
		mid := new(big.Int).Add(lo, hi)
		mid.Rsh(mid, 1)
		v := new(big.Int).Exp(mid, big.NewInt(e), nil)
		if v.Mul(v, left).Cmp(right) >= 0 {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}

// part is a choice in some of the issues: its sums and what it loses against
// the dearest choice.
type part struct {
	sum  [8]int64
	loss int64
}

// exact proves that no deal is better: none has the worth, or none of those
// that have it is.
func (c *checker) exact() error {
	need, err := c.need()
	if err != nil {
		return err
	}
	slack := new(big.Int).Sub(c.dearest(), need)
	if slack.Sign() < 0 {
		return nil
	}
	if !slack.IsInt64() {
		return refuse("its prices leave too much undecided")
	}
	budget := slack.Int64()
	first, second, err := c.halves(budget)
	if err != nil {
		return err
	}
	a, b := &box{parts: first}, &box{parts: second}
	c.frame(a)
	c.frame(b)
	return c.pairs(a, b, budget)
}

// halves lists the choices in either half of the issues that lose at most
// budget. Each issue goes to the half that is shorter so far.
func (c *checker) halves(budget int64) ([]part, []part, error) {
	var start part
	copy(start.sum[:], c.t.Offset)
	lists := [2][]part{{start}, {{}}}
	for _, vs := range c.t.Values {
		options := c.keep(vs, budget)
		h := 0
		if len(lists[1]) < len(lists[0]) {
			h = 1
		}
		var next []part
		for _, x := range lists[h] {
			for _, o := range options {
				if c.steps--; c.steps < 0 || (c.steps&4095 == 0 && c.ctx.Err() != nil) {
					return nil, nil, c.unfinished()
				}
				if x.loss > budget-o.loss {
					continue
				}
				y := part{loss: x.loss + o.loss}
				for p := range c.n {
					y.sum[p] = x.sum[p] + o.sum[p]
				}
				next = append(next, y)
			}
		}
		lists[h] = next
	}
	return lists[0], lists[1], nil
}

func (c *checker) unfinished() error {
	return &Refused{Why: "checking it takes more steps or time than allowed", Unfinished: true}
}

// keep gives the options of an issue that lose at most budget. An option that
// another equals or surpasses for every party is left out: whatever deal it
// makes, the other makes one at least as good.
func (c *checker) keep(vs []int64, budget int64) []part {
	var best *big.Int
	worth := make([]*big.Int, 0, len(vs)/c.n)
	for o := 0; o < len(vs); o += c.n {
		w := new(big.Int)
		for p := range c.n {
			w.Add(w, mul(vs[o+p], c.p.Prices[p]))
		}
		if worth = append(worth, w); best == nil || w.Cmp(best) > 0 {
			best = w
		}
	}
	var kept []part
	for o, w := range worth {
		loss := new(big.Int).Sub(best, w)
		if !loss.IsInt64() || loss.Int64() > budget {
			continue
		}
		y := part{loss: loss.Int64()}
		copy(y.sum[:], vs[o*c.n:(o+1)*c.n])
		if !slices.ContainsFunc(kept, func(x part) bool { return surpasses(&x, &y, c.n) }) {
			kept = slices.DeleteFunc(kept, func(x part) bool { return surpasses(&y, &x, c.n) })
			kept = append(kept, y)
		}
	}
	return kept
}

func surpasses(x, y *part, n int) bool {
	for p := range n {
		if x.sum[p] < y.sum[p] {
			return false
		}
	}
	return true
}

// box is a set of parts with the largest sum of each party and the least
// loss among them; it is halved when needed.
type box struct {
	parts  []part
	corner [8]int64
	loss   int64
	halves [2]*box
}

func (c *checker) frame(b *box) {
	for i := range b.parts {
		x := &b.parts[i]
		if i == 0 {
			b.corner, b.loss = x.sum, x.loss
			continue
		}
		b.loss = min(b.loss, x.loss)
		for p := range c.n {
			b.corner[p] = max(b.corner[p], x.sum[p])
		}
	}
}

// split halves a box at the middle of its widest direction.
func (c *checker) split(b *box) {
	if b.halves[0] != nil {
		return
	}
	wide, width := 0, int64(-1)
	for p := range c.n {
		least := b.corner[p]
		for i := range b.parts {
			least = min(least, b.parts[i].sum[p])
		}
		if w := b.corner[p] - least; w > width {
			wide, width = p, w
		}
	}
	slices.SortFunc(b.parts, func(x, y part) int {
		switch {
		case x.sum[wide] < y.sum[wide]:
			return -1
		case x.sum[wide] > y.sum[wide]:
			return 1
		}
		return 0
	})
	mid := len(b.parts) / 2
	for h, parts := range [2][]part{b.parts[:mid], b.parts[mid:]} {
		b.halves[h] = &box{parts: parts}
		c.frame(b.halves[h])
	}
}

// pairs looks at every pair of parts that could make a better deal.
func (c *checker) pairs(a, b *box, budget int64) error {
	if c.steps--; c.steps < 0 || (c.steps&4095 == 0 && c.ctx.Err() != nil) {
		return c.unfinished()
	}
	if len(a.parts) == 0 || len(b.parts) == 0 || a.loss > budget-b.loss {
		return nil
	}
	var corner [8]int64
	for p := range c.n {
		corner[p] = a.corner[p] + b.corner[p]
	}
	if !c.better(corner[:c.n]) {
		return nil
	}
	if len(a.parts) == 1 && len(b.parts) == 1 {
		return refuse("there is a better deal")
	}
	if len(a.parts) < len(b.parts) {
		a, b = b, a
	}
	c.split(a)
	if err := c.pairs(a.halves[0], b, budget); err != nil {
		return err
	}
	return c.pairs(a.halves[1], b, budget)
}

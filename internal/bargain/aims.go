package bargain

import (
	"cmp"
	"math"
	"math/big"
	"math/bits"
	"slices"

	"parley/internal/certificate"
)

// aims compares gains under a question. Where floats are used they only sort
// out what is clearly worse; what is near is decided in integers.
type aims struct {
	s      *search
	least  []int64 // what every gain must reach to be as good as the best
	value0 float64 // the best's product or sum
	record []int64 // the best's gains; nil: none yet
	bend   bend
}

// near is a relative margin wider than any rounding of a product of eight
// powers.
const near = 1e-11

func newAims(s *search) aims {
	a := aims{s: s, least: make([]int64, s.n), value0: math.Inf(-1)}
	for p := range s.n {
		a.least[p] = s.floors[p]
		if s.q.Aim == certificate.Product && s.q.Weights[p] > 0 {
			a.least[p] = max(1, a.least[p])
		}
		if a.least[p] == certificate.None {
			a.least[p] = s.f.offset[p] // no gain is below the offset
		}
	}
	return a
}

// allowed says whether gains keep the floors, and for a product are positive.
func (a *aims) allowed(g []int64) bool {
	for p, v := range g {
		if v < a.s.floors[p] || (a.s.q.Aim == certificate.Product && a.s.q.Weights[p] > 0 && v < 1) {
			return false
		}
	}
	return true
}

// raise notes the best found.
func (a *aims) raise(g []int64) {
	a.record, a.value0 = g, a.value(g)
	if a.s.q.Aim == certificate.Product {
		a.prepareBend()
	}
	if a.s.q.Aim == certificate.Least {
		// Every share must reach the least one: g ≥ ⌈t·scale⌉.
		low := a.lowest(g)
		for p, s := range a.s.q.Scale {
			// No gain is below the offset, so a lower demand says nothing.
			a.least[p] = max(a.s.f.offset[p], ceilMulDiv(g[low], s, a.s.q.Scale[low]))
		}
	}
}

// lowest is the party with the least share.
func (a *aims) lowest(g []int64) int {
	low := 0
	for p := range g {
		if cmpShare(g[p], a.s.q.Scale[p], g[low], a.s.q.Scale[low]) < 0 {
			low = p
		}
	}
	return low
}

// value is the objective in floating point: for showing, and for leaving out
// what is clearly worse.
func (a *aims) value(g []int64) float64 {
	switch a.s.q.Aim {
	case certificate.Product:
		v := 1.0
		for p, w := range a.s.q.Weights {
			switch w {
			case 0:
			case 1:
				v *= float64(g[p])
			default:
				v *= math.Pow(float64(g[p]), float64(w))
			}
		}
		return v
	case certificate.Least:
		low := a.lowest(g)
		return float64(g[low]) / float64(a.s.q.Scale[low])
	}
	v := int64(0)
	for p, w := range a.s.q.Weights {
		v += w * g[p]
	}
	return float64(v)
}

// promises says whether gains could be as good as the best found: never no
// when a deal giving at most these gains is.
func (a *aims) promises(g []int64) bool {
	for p, v := range g {
		if v < a.least[p] {
			return false
		}
	}
	if a.record == nil {
		return true
	}
	switch a.s.q.Aim {
	case certificate.Least:
		return a.compare(g, a.record) >= a.strict()
	case certificate.Product:
		v := a.value(g)
		if math.Abs(v-a.value0) > near*a.value0 {
			return v > a.value0
		}
	}
	return a.compare(g, a.record) >= a.strict()
}

// over is what gains of at least x+y are worth beyond the least that is asked
// of each; room says how much of that there is before any loss.
func (a *aims) over(x, y []int64) int64 {
	t := int64(0)
	for p, l := range a.s.prices {
		if d := x[p] + y[p] - a.least[p]; d > 0 {
			t += l * d
		}
	}
	return t
}

// room is the worth of the dearest deal beyond the least that is asked. A
// deal is worth exactly the dearest less its loss, so it has room-loss.
func (a *aims) room() int64 {
	t := a.s.dear
	for p, l := range a.s.prices {
		t -= l * a.least[p]
	}
	return t
}

// bends says whether gains between x+y and high, losing at least loss, can
// reach the best product. With z = λ·g·A/(a·D) the weighted mean of z is
// 1-loss/D at most, and log z ≤ z-1 - (z-1)²/(2·max(1,z)²); so a product is
// the smaller the farther its gains bend away from the prices.
func (a *aims) bends(x, y, high []int64, loss int64) bool {
	b := a.bend
	t := b.slack - float64(loss)*b.perLoss
	for p, c := range b.scale {
		if c == 0 {
			continue
		}
		if z := float64(x[p]+y[p])*c - 1; z > 0 {
			t -= b.weight[p] * z * z / (2 * (1 + z) * (1 + z))
		} else if z := float64(high[p])*c - 1; z < 0 {
			t -= b.weight[p] * z * z / 2
		}
	}
	return t >= -near
}

// bend prepares bends for the best found.
func (a *aims) prepareBend() {
	b := bend{scale: make([]float64, a.s.n), weight: make([]float64, a.s.n)}
	all, d := 0.0, float64(a.s.dear)
	for p, w := range a.s.q.Weights {
		if all += float64(w); w == 0 && a.s.prices[p] > 0 {
			d -= float64(a.s.prices[p]) * float64(a.s.floors[p])
		}
	}
	for p, w := range a.s.q.Weights {
		if w > 0 {
			b.weight[p] = float64(w)
			b.scale[p] = float64(a.s.prices[p]) * all / (float64(w) * d)
			b.slack -= float64(w) * math.Log(float64(a.record[p])*b.scale[p])
		}
	}
	b.perLoss = all / d
	a.bend = b
}

type bend struct {
	slack, perLoss float64
	scale, weight  []float64
}

// strict is 1 once more ties were met than are kept.
func (a *aims) strict() int {
	if a.s.crowded {
		return 1
	}
	return 0
}

// compare orders gains by the objective alone, exactly.
func (a *aims) compare(x, y []int64) int {
	switch a.s.q.Aim {
	case certificate.Product:
		vx, vy := a.value(x), a.value(y)
		if math.Abs(vx-vy) > near*max(vx, vy) {
			return cmp.Compare(vx, vy)
		}
		return a.product(x).Cmp(a.product(y))
	case certificate.Least:
		return leximin(x, y, a.s.q.Scale)
	}
	v := int64(0)
	for p, w := range a.s.q.Weights {
		v += w * (x[p] - y[p])
	}
	return cmp.Compare(v, 0)
}

func (a *aims) product(g []int64) *big.Int {
	v := big.NewInt(1)
	for p, w := range a.s.q.Weights {
		for range w {
			v.Mul(v, big.NewInt(g[p]))
		}
	}
	return v
}

// fairer decides between tied gains.
func (a *aims) fairer(x, y []int64) bool {
	scale := a.s.q.Scale
	if scale == nil {
		scale = slices.Repeat([]int64{1}, len(x))
	}
	if r := leximin(x, y, scale); r != 0 {
		return r > 0
	}
	return descending(x, y) < 0
}

// leads guides the climb: it also prefers gains that break fewer floors.
func (a *aims) leads(x, y []int64) bool {
	if a.s.q.Aim == certificate.Least && len(x) > 0 {
		low := a.lowest(y)
		for p, v := range x { // most trials fail at once
			if cmpShare(v, a.s.q.Scale[p], y[low], a.s.q.Scale[low]) < 0 {
				return false
			}
		}
	}
	ax, ay := a.short(x), a.short(y)
	if ax != 0 || ay != 0 {
		return ax < ay
	}
	return a.compare(x, y) > 0
}

// short is how far gains fall below the floors, in shares of the ranges.
func (a *aims) short(g []int64) float64 {
	t := 0.0
	for p, v := range g {
		f := a.s.floors[p]
		if a.s.q.Aim == certificate.Product && a.s.q.Weights[p] > 0 {
			f = max(f, 1)
		}
		if v < f {
			t += float64(f-v) / a.s.f.span[p]
		}
	}
	return t
}

// need is the least worth at the prices of a deal as good as the best found,
// or of any allowed deal; never more than the truth.
func (a *aims) need() int64 {
	s := a.s
	if s.q.Aim == certificate.Sum && a.record != nil {
		t := int64(0)
		for p, w := range s.q.Weights {
			if t += w * a.record[p]; s.prices[p] > w {
				t += (s.prices[p] - w) * s.floors[p]
			}
		}
		return t
	}
	if s.q.Aim == certificate.Product && a.record != nil {
		all, logs, idle := 0.0, 0.0, 0.0
		for p, w := range s.q.Weights {
			if w == 0 {
				if s.prices[p] > 0 {
					idle += float64(s.prices[p]) * float64(s.floors[p])
				}
				continue
			}
			all += float64(w)
			logs += float64(w) * math.Log(float64(s.prices[p])*float64(a.record[p])/float64(w))
		}
		return int64(all*math.Exp(logs/all)*(1-near) + idle - math.Abs(idle)*near)
	}
	t := int64(0)
	for p, l := range s.prices {
		t += l * a.least[p]
	}
	return t
}

// bound is the objective's proved bound when no deal is worth more than dear.
func (a *aims) bound(dear int64) float64 {
	s := a.s
	switch s.q.Aim {
	case certificate.Product:
		all, logs, d := 0.0, 0.0, float64(dear)
		for p, w := range s.q.Weights {
			if w == 0 {
				if s.prices[p] > 0 {
					d -= float64(s.prices[p]) * float64(s.floors[p])
				}
				continue
			}
			all += float64(w)
			logs += float64(w) * math.Log(float64(w)/float64(s.prices[p]))
		}
		if d <= 0 {
			return 0
		}
		return math.Exp(all*math.Log(d/all)+logs) * (1 + near)
	case certificate.Least:
		t := 0.0
		for p, l := range s.prices {
			t += float64(l) * float64(s.q.Scale[p])
		}
		return float64(dear) / t
	}
	b := float64(dear)
	for p, l := range s.prices {
		if extra := l - s.q.Weights[p]; extra > 0 {
			b -= float64(extra) * float64(s.floors[p])
		}
	}
	return b
}

// leximin compares shares x/scale and y/scale, least first, exactly.
func leximin(x, y, scale []int64) int {
	var ox, oy [MaxParties]int
	sortShares(ox[:len(x)], x, scale)
	sortShares(oy[:len(y)], y, scale)
	for i := range x {
		a, b := ox[i], oy[i]
		if r := cmpShare(x[a], scale[a], y[b], scale[b]); r != 0 {
			return r
		}
	}
	return 0
}

func sortShares(order []int, x, scale []int64) {
	for i := range order {
		j := i
		for j > 0 && cmpShare(x[i], scale[i], x[order[j-1]], scale[order[j-1]]) < 0 {
			order[j] = order[j-1]
			j--
		}
		order[j] = i
	}
}

// cmpShare compares a/s with b/t; s and t are positive.
func cmpShare(a, s, b, t int64) int {
	if s == t {
		return cmp.Compare(a, b)
	}
	if (a < 0) != (b < 0) {
		return cmp.Compare(a, b)
	}
	if a < 0 {
		return -cmpShare(-a, s, -b, t)
	}
	h1, l1 := bits.Mul64(uint64(a), uint64(t))
	h2, l2 := bits.Mul64(uint64(b), uint64(s))
	if h1 != h2 {
		return cmp.Compare(h1, h2)
	}
	return cmp.Compare(l1, l2)
}

// ceilMulDiv is ⌈a·b/c⌉ for b, c > 0.
func ceilMulDiv(a, b, c int64) int64 {
	if b == c {
		return a
	}
	neg := a < 0
	u := uint64(a)
	if neg {
		u = uint64(-a)
	}
	hi, lo := bits.Mul64(u, uint64(b))
	if hi >= uint64(c) {
		// Beyond 64 bits: no gain reaches that far up, every gain is above that far down.
		if neg {
			return -roomForSums * 4 / 2
		}
		return roomForSums * 4
	}
	q, r := bits.Div64(hi, lo, uint64(c))
	if neg {
		return -int64(q)
	}
	if r > 0 {
		q++
	}
	return int64(q)
}

// aspire asks, where the aim is the least share, for as large a share of
// everybody as a deal that loses at most allow can have; never for more.
func (a *aims) aspire(allow int64) {
	s := a.s
	if s.q.Aim != certificate.Least {
		return
	}
	total := 0.0
	for p, l := range s.prices {
		total += float64(l) * float64(s.q.Scale[p])
	}
	t := float64(s.dear-allow) / total
	for p, scale := range s.q.Scale {
		v := t * float64(scale)
		if math.Abs(v) < roomForSums {
			a.least[p] = max(a.least[p], int64(math.Ceil(v-math.Abs(v)*near))-1)
		}
	}
}

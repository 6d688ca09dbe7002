package scenario

import (
	"math/big"
	"strconv"
	"strings"

	"parley/internal/bargain"
)

// Rectangles is a worth made of constraints over ranges of integer issues (GENIUS "nonlinear", ANAC 2014): the sum, or
// the least, or the greatest, of what the constraints that hold are worth, divided by Max and at most 1.
type Rectangles struct {
	Max  bargain.Number
	root ufun
	// values[issue][option] is the integer an option stands for.
	values [][]int64
}

// ufun is a node of the function: constraints and further functions under one aggregation.
type ufun struct {
	weight bargain.Number
	aggr   string // "sum", "min", "max"
	rects  []rect
	inner  []ufun
}

// rect is one constraint. INCLUDES holds when every bound holds; EXCLUDES holds when at least one does not; without
// bounds it always holds.
type rect struct {
	worth    bargain.Number // utility times weight
	excludes bool
	bounds   []bound
}

type bound struct {
	issue    int
	min, max int64
}

func (r rect) holds(v func(issue int) int64) bool {
	all := true
	for _, b := range r.bounds {
		if x := v(b.issue); x < b.min || x > b.max {
			all = false
			break
		}
	}
	return len(r.bounds) == 0 || all != r.excludes
}

// worth is the exact worth of a deal, before the cap.
func (r *Rectangles) worth(d bargain.Deal) bargain.Number {
	v := func(i int) int64 { return r.values[i][d[i]] }
	return r.root.at(v).Quo(r.Max)
}

func (u *ufun) at(v func(int) int64) bargain.Number {
	var out bargain.Number
	first := true
	take := func(w bargain.Number) {
		switch {
		case first && u.aggr != "sum":
			out = w
		case u.aggr == "min":
			if w.Cmp(out) < 0 {
				out = w
			}
		case u.aggr == "max":
			if w.Cmp(out) > 0 {
				out = w
			}
		default:
			out = out.Add(w)
		}
		first = false
	}
	for _, c := range u.rects {
		if c.holds(v) {
			take(c.worth)
		} else {
			take(bargain.Number{})
		}
	}
	for i := range u.inner {
		take(u.inner[i].weight.Mul(u.inner[i].at(v)))
	}
	return out
}

// nonlinear reads a utility space of rectangles into an opaque scoring. GENIUS reads the first <ufun> only.
func (g *genius) nonlinear(root *element, sc *bargain.Scoring) error {
	var util *element
	for _, o := range root.children("objective") {
		if util == nil {
			util = o.child("utility")
		}
	}
	if util == nil || util.child("ufun") == nil {
		return fault(root.at, "the nonlinear utility space has no <utility> with a <ufun>")
	}
	r := &Rectangles{}
	var err error
	if r.Max, err = attrNumber(util, "maxutility"); err != nil {
		return err
	}
	if r.Max.Sign() <= 0 {
		return fault(util.at, "maxutility is %s; worths are divided by it, so it must be above 0", r.Max)
	}
	if n := len(util.children("ufun")); n > 1 {
		g.notes.add(util.at, "there are %d functions side by side; GENIUS reads the first only, and so does this", n)
	}
	count := 0
	if r.root, err = g.ufun(util.child("ufun"), &count); err != nil {
		return err
	}
	for i := range g.issues {
		vs, err := g.integers(i)
		if err != nil {
			return fault(root.at, "%v", err)
		}
		r.values = append(r.values, vs)
	}
	sc.Weights, sc.Values = nil, nil
	if sc.Opaque, err = r.opaque(); err != nil {
		return fault(util.at, "%v", err)
	}
	if g.s.Rectangles == nil {
		g.s.Rectangles = map[string]*Rectangles{}
	}
	g.s.Rectangles[sc.Party] = r
	g.cap(sc.Party, bargain.Whole(1))
	return nil
}

// integers are the numbers the options of an issue stand for.
func (g *genius) integers(i int) ([]int64, error) {
	gi := g.issues[i]
	var out []int64
	for k, o := range g.s.Template.Issues[i].Options {
		if gi.kind == "integer" {
			out = append(out, gi.values[k].Rat().Num().Int64())
			continue
		}
		n, err := strconv.ParseInt(o.ID, 10, 64)
		if err != nil {
			return nil, &Fault{Text: "constraints over ranges need whole numbers, and option " + strconv.Quote(o.ID) + " of issue " + strconv.Quote(gi.name) + " is none"}
		}
		out = append(out, n)
	}
	return out, nil
}

const maxRectangles = 10000

func (g *genius) ufun(e *element, count *int) (ufun, error) {
	u := ufun{weight: bargain.Whole(1), aggr: strings.ToLower(e.attrOr("aggregation", "sum"))}
	if u.aggr != "sum" && u.aggr != "min" && u.aggr != "max" {
		return u, fault(e.at, "the aggregation %q is not read; sum, min and max are", u.aggr)
	}
	var err error
	if _, ok := e.attr["weight"]; ok {
		if u.weight, err = attrNumber(e, "weight"); err != nil {
			return u, err
		}
	}
	for _, h := range e.children("hyperRectangle") {
		if *count++; *count > maxRectangles {
			return u, fault(h.at, "there are more than %d constraints", maxRectangles)
		}
		c, err := g.rect(h)
		if err != nil {
			return u, err
		}
		u.rects = append(u.rects, c)
	}
	for _, k := range e.children("ufun") {
		in, err := g.ufun(k, count)
		if err != nil {
			return u, err
		}
		u.inner = append(u.inner, in)
	}
	return u, nil
}

func (g *genius) rect(e *element) (rect, error) {
	worth, err := attrNumber(e, "utility")
	if err != nil {
		return rect{}, err
	}
	if _, ok := e.attr["weight"]; ok {
		w, err := attrNumber(e, "weight")
		if err != nil {
			return rect{}, err
		}
		worth = worth.Mul(w)
	}
	c := rect{worth: worth}
	list := e.children("INCLUDES")
	if ex := e.children("EXCLUDES"); len(ex) > 0 {
		if len(list) > 0 {
			g.notes.add(e.at, "a constraint has INCLUDES and EXCLUDES; GENIUS keeps EXCLUDES only, and so does this")
		}
		list, c.excludes = ex, true
	}
	for _, b := range list {
		i, ok := g.byIdx[strings.TrimSpace(b.attr["index"])]
		if !ok {
			return c, fault(b.at, "the bound names the issue index %q, which the domain does not have", b.attr["index"])
		}
		lo, err := attrNumber(b, "min")
		if err != nil {
			return c, err
		}
		hi, err := attrNumber(b, "max")
		if err != nil {
			return c, err
		}
		if !lo.Rat().IsInt() || !hi.Rat().IsInt() || !lo.Rat().Num().IsInt64() || !hi.Rat().Num().IsInt64() {
			return c, fault(b.at, "the bounds %s and %s are not whole numbers", lo, hi)
		}
		c.bounds = append(c.bounds, bound{i, lo.Rat().Num().Int64(), hi.Rat().Num().Int64()})
	}
	return c, nil
}

// opaque brings the function to whole numbers over one denominator, capped at 1.
func (r *Rectangles) opaque() (*bargain.Opaque, error) {
	// Worths and weights share a scale: products along a path of the tree times that scale are whole.
	scale := new(big.Int).Set(r.Max.Rat().Denom())
	if !r.root.denominators(big.NewInt(1), scale) {
		return nil, &Fault{Text: "the constraints' numbers are too fine to be added exactly in 62 bits; round them"}
	}
	top := new(big.Rat).Mul(r.Max.Rat(), new(big.Rat).SetInt(scale)) // what stands for 1
	if !top.IsInt() || top.Num().BitLen() > 55 {
		return nil, &Fault{Text: "the constraints' numbers are too fine to be added exactly in 62 bits; round them"}
	}
	largest := r.root.largest()
	if s := new(big.Rat).Mul(largest, new(big.Rat).SetInt(scale)); s.Num().BitLen() > 58 {
		return nil, &Fault{Text: "the constraints' worths are too large to be added exactly in 62 bits"}
	}
	one := top.Num().Int64()
	f := r.root.compiled(new(big.Rat).SetInt(scale), r.values)
	return &bargain.Opaque{Denominator: one, Score: func(d bargain.Deal) int64 { return min(one, f(d)) }}, nil
}

// denominators multiplies into scale what every product along the tree needs, and gives up beyond 64 bits.
func (u *ufun) denominators(path, scale *big.Int) bool {
	for _, c := range u.rects {
		if lcm(scale, new(big.Int).Mul(path, c.worth.Rat().Denom())); scale.BitLen() > 64 {
			return false
		}
	}
	for i := range u.inner {
		p := new(big.Int).Mul(path, u.inner[i].weight.Rat().Denom())
		if p.BitLen() > 64 || !u.inner[i].denominators(p, scale) {
			return false
		}
	}
	return true
}

func (u *ufun) largest() *big.Rat {
	sum := new(big.Rat)
	for _, c := range u.rects {
		sum.Add(sum, new(big.Rat).Abs(c.worth.Rat()))
	}
	for i := range u.inner {
		sum.Add(sum, new(big.Rat).Abs(new(big.Rat).Mul(u.inner[i].weight.Rat(), u.inner[i].largest())))
	}
	return sum
}

// compiled turns the tree into a function of whole numbers. Each constraint tests option indices, in a bit set for each
// issue, so that a deal costs a few loads a bound.
func (u *ufun) compiled(scale *big.Rat, values [][]int64) func(bargain.Deal) int64 {
	type test struct {
		issue int
		in    []bool
	}
	type crect struct {
		worth    int64
		excludes bool
		tests    []test
	}
	var rs []crect
	for _, c := range u.rects {
		w := new(big.Rat).Mul(c.worth.Rat(), scale)
		cr := crect{worth: w.Num().Int64(), excludes: c.excludes}
		for _, b := range c.bounds {
			in := make([]bool, len(values[b.issue]))
			for k, v := range values[b.issue] {
				in[k] = v >= b.min && v <= b.max
			}
			cr.tests = append(cr.tests, test{b.issue, in})
		}
		rs = append(rs, cr)
	}
	var inner []func(bargain.Deal) int64
	for i := range u.inner {
		inner = append(inner, u.inner[i].compiled(new(big.Rat).Mul(scale, u.inner[i].weight.Rat()), values))
	}
	held := func(c *crect, d bargain.Deal) int64 {
		for _, t := range c.tests {
			if !t.in[d[t.issue]] {
				if c.excludes {
					return c.worth
				}
				return 0
			}
		}
		if c.excludes && len(c.tests) > 0 {
			return 0
		}
		return c.worth
	}
	if u.aggr == "sum" {
		return func(d bargain.Deal) int64 {
			var sum int64
			for i := range rs {
				sum += held(&rs[i], d)
			}
			for _, f := range inner {
				sum += f(d)
			}
			return sum
		}
	}
	least := u.aggr == "min"
	return func(d bargain.Deal) int64 {
		var out int64
		first := true
		take := func(v int64) {
			if first || least && v < out || !least && v > out {
				out, first = v, false
			}
		}
		for i := range rs {
			take(held(&rs[i], d))
		}
		for _, f := range inner {
			take(f(d))
		}
		return out
	}
}

// lcm sets a to the least common multiple of a and b.
func lcm(a, b *big.Int) *big.Int {
	g := new(big.Int).GCD(nil, nil, a, b)
	return a.Mul(a, new(big.Int).Quo(b, g))
}

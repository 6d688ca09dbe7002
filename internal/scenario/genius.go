package scenario

import (
	"math/big"
	"path"
	"strings"

	"parley/internal/bargain"
)

// GENIUS: a domain file (<negotiation_template>) and one utility space a party (<utility_space>). The meaning is that of
// GENIUS 10.4 (genius.core.utility): weights as written; a discrete option is worth its evaluation divided by the largest
// of its issue, or 0 where that is under 0.00001; an integer is worth slope·(value − lower bound) + offset, kept within
// 0 to 1; a real is worth a·value + b likewise, not counted from the lower bound; a package is worth at most 1; a
// reservation value left out is 0; a discount factor outside 0 to 1 is none.

// geniusIssue is an issue of the domain, with what is needed to match profiles to it.
type geniusIssue struct {
	index  string
	name   string
	kind   string // "discrete", "integer", "real"
	values []bargain.Number
	lower  bargain.Number
}

type genius struct {
	*builder
	grid   int
	issues []geniusIssue
	byIdx  map[string]int
}

// readGenius reads a domain and its profiles. Without a domain file the first profile's issues are the domain.
func readGenius(domain *element, profiles []parsedFile, grid int, n *notes) (*Scenario, error) {
	g := &genius{builder: newBuilder(Genius, n), grid: grid, byIdx: map[string]int{}}
	if domain == nil {
		domain = profiles[0].xml
		n.add(Place{File: profiles[0].name}, "there is no domain file; the issues are taken from this profile")
	}
	if err := g.domain(domain); err != nil {
		return nil, err
	}
	for _, p := range profiles {
		if err := g.profile(p); err != nil {
			return nil, err
		}
	}
	return g.s, nil
}

// leaves lists the issues under an element, through nested objectives.
func leaves(e *element) []*element {
	var out []*element
	for _, k := range e.kids {
		switch k.name {
		case "issue":
			out = append(out, k)
		case "objective", "utility_space":
			out = append(out, leaves(k)...)
		}
	}
	return out
}

func (g *genius) domain(root *element) error {
	if o := root.child("utility_space"); o != nil && o.child("objective") != nil {
		g.s.Template.Title = o.child("objective").attr["name"]
	} else if o := root.child("objective"); o != nil {
		g.s.Template.Title = o.attr["name"]
	}
	for _, e := range leaves(root) {
		if err := g.domainIssue(e); err != nil {
			return err
		}
	}
	return g.checkIssues(root.at)
}

func (g *genius) domainIssue(e *element) error {
	name, err := checkName(e.at, "the issue's name", e.attr["name"])
	if err != nil {
		return err
	}
	i, err := g.addIssue(e.at, name)
	if err != nil {
		return err
	}
	gi := geniusIssue{index: strings.TrimSpace(e.attr["index"]), name: name, kind: kindOf(e)}
	if _, twice := g.byIdx[gi.index]; twice {
		return fault(e.at, "the index %q is used by two issues; profiles are matched by it, so give each its own", gi.index)
	}
	g.byIdx[gi.index] = i
	switch gi.kind {
	case "discrete":
		for _, it := range e.children("item") {
			v, err := checkName(it.at, "the option's name", it.attr["value"])
			if err != nil {
				return err
			}
			if err := g.addOption(it.at, i, v); err != nil {
				return err
			}
		}
	case "integer", "real":
		if err := g.scale(e, i, &gi); err != nil {
			return err
		}
	default:
		return fault(e.at, "issue %q is of the type %q, which is not read; discrete, integer and real are", name, gi.kind)
	}
	g.issues = append(g.issues, gi)
	return nil
}

// kindOf reads an issue's type: "type" wins over "etype" and "vtype"; none means discrete.
func kindOf(e *element) string {
	for _, a := range []string{"type", "etype", "vtype"} {
		if v := strings.ToLower(strings.TrimSpace(e.attr[a])); v != "" {
			return v
		}
	}
	return "discrete"
}

// bounds reads lowerbound and upperbound of an issue, from its attributes or its <range>.
func bounds(e *element) (lo, hi bargain.Number, err error) {
	at := e
	if _, ok := e.attr["lowerbound"]; !ok {
		if r := e.child("range"); r != nil {
			at = r
		}
	}
	if lo, err = attrNumber(at, "lowerbound"); err == nil {
		hi, err = attrNumber(at, "upperbound")
	}
	if err == nil && lo.Cmp(hi) > 0 {
		err = fault(at.at, "the lower bound %s lies above the upper bound %s", lo, hi)
	}
	return lo, hi, err
}

func attrNumber(e *element, name string) (bargain.Number, error) {
	v, ok := e.attr[name]
	if !ok {
		return bargain.Number{}, fault(e.at, "<%s> needs the attribute %s", e.name, name)
	}
	n, err := bargain.ParseNumber(v)
	if err != nil {
		return n, fault(e.at, "%s of <%s>: %v", name, e.name, err)
	}
	return n, nil
}

// scale makes options of an integer issue's values, or of a real issue's grid.
func (g *genius) scale(e *element, i int, gi *geniusIssue) error {
	lo, hi, err := bounds(e)
	if err != nil {
		return err
	}
	gi.lower = lo
	step, steps := bargain.Whole(1), new(big.Int)
	width := hi.Sub(lo)
	if gi.kind == "integer" {
		if !lo.Rat().IsInt() || !hi.Rat().IsInt() {
			return fault(e.at, "the bounds %s and %s of integer issue %q are not whole", lo, hi, gi.name)
		}
		steps = width.Rat().Num()
	} else {
		steps.SetInt64(int64(g.grid - 1))
		step = width.Quo(bargain.Whole(int64(g.grid - 1)))
		if width.Sign() == 0 {
			steps.SetInt64(0)
		}
		g.notes.add(e.at, "issue %q is a real number from %s to %s; it is read on a grid of %d values, %s apart, and what lies between them is not examined", gi.name, lo, hi, steps.Int64()+1, brief(step))
	}
	if !steps.IsInt64() || steps.Int64() >= bargain.MaxOptions {
		return fault(e.at, "issue %q runs from %s to %s, more than %d values; write a coarser scale", gi.name, lo, hi, bargain.MaxOptions)
	}
	for k := range steps.Int64() + 1 {
		v := lo.Add(step.Mul(bargain.Whole(k)))
		gi.values = append(gi.values, v)
		if err := g.addOption(e.at, i, v.String()); err != nil {
			return err
		}
	}
	return nil
}

func (g *genius) profile(p parsedFile) error {
	root := p.xml
	sc := g.addParty(strings.TrimSuffix(path.Base(p.name), path.Ext(p.name)))
	if root.attr["type"] == "nonlinear" {
		if err := g.nonlinear(root, sc); err != nil {
			return err
		}
	} else if err := g.additive(root, sc); err != nil {
		return err
	}
	if r := root.child("reservation"); r != nil {
		v, err := attrNumber(r, "value")
		if err != nil {
			return err
		}
		sc.Reservation = &v
	} else {
		zero := bargain.Whole(0)
		sc.Reservation = &zero
		g.notes.add(root.at, "party %q has no reservation value; it counts as 0, as in GENIUS", sc.Party)
	}
	if d := root.child("discount_factor"); d != nil {
		v, err := attrNumber(d, "value")
		if err != nil {
			return err
		}
		g.discount(d.at, sc, v)
	}
	g.checkRange(root.at, sc)
	if sc.Opaque == nil {
		if _, hi, ok := g.s.ranges(sc); !ok || hi.Cmp(bargain.Whole(1)) > 0 {
			g.cap(sc.Party, bargain.Whole(1))
			g.notes.add(root.at, "packages reach %s for party %q; GENIUS counts everything above 1 as 1, and so does this analysis", brief(hi), sc.Party)
		}
	}
	return nil
}

func (b *builder) cap(party string, at bargain.Number) {
	if b.s.Caps == nil {
		b.s.Caps = map[string]bargain.Number{}
	}
	b.s.Caps[party] = at
}

// additive reads weights and evaluations, wherever in the tree of objectives they stand.
func (g *genius) additive(root *element, sc *bargain.Scoring) error {
	if err := g.weights(root, sc); err != nil {
		return err
	}
	for _, e := range leaves(root) {
		i, ok := g.byIdx[strings.TrimSpace(e.attr["index"])]
		if !ok {
			g.notes.add(e.at, "issue %q (index %q) is not in the domain; it is left aside", e.attr["name"], e.attr["index"])
			continue
		}
		gi, is := &g.issues[i], &g.s.Template.Issues[i]
		if n := strings.TrimSpace(e.attr["name"]); n != gi.name {
			g.notes.add(e.at, "issue %s is called %q here and %q in the domain; it is matched by its index, as in GENIUS", gi.index, n, gi.name)
		}
		values := sc.Values[is.ID]
		var err error
		if gi.kind == "discrete" {
			err = g.discrete(e, i, values)
		} else {
			err = g.numeric(e, gi, is, values)
		}
		if err != nil {
			return err
		}
	}
	if len(sc.Weights) == 0 {
		g.notes.add(root.at, "party %q gives no weights at all; each counts as 0, as in GENIUS, so every package is worth nothing to it", sc.Party)
	}
	g.fill(root.at, sc)
	g.weighSum(root.at, sc)
	return nil
}

func (g *genius) weights(e *element, sc *bargain.Scoring) error {
	for _, k := range e.kids {
		if k.name == "objective" {
			if err := g.weights(k, sc); err != nil {
				return err
			}
		}
		if k.name != "weight" {
			continue
		}
		i, ok := g.byIdx[strings.TrimSpace(k.attr["index"])]
		if !ok {
			g.notes.add(k.at, "the weight of index %q belongs to no issue; it is left aside", k.attr["index"])
			continue
		}
		w, err := attrNumber(k, "value")
		if err != nil {
			return err
		}
		if w.Sign() < 0 {
			return fault(k.at, "the weight %s is negative; weights are 0 or more", brief(w))
		}
		sc.Weights[g.s.Template.Issues[i].ID] = w
	}
	return nil
}

// discrete divides evaluations by the largest, as EvaluatorDiscrete does. A value given twice takes its last evaluation.
func (g *genius) discrete(e *element, i int, values map[string]bargain.Number) error {
	is := &g.s.Template.Issues[i]
	evals := map[string]bargain.Number{}
	var most bargain.Number
	for _, it := range e.children("item") {
		name := strings.TrimSpace(it.attr["value"])
		if _, known := g.opt[i][name]; !known {
			g.notes.add(it.at, "option %q of issue %q is not in the domain; it is left aside, but counts towards the largest evaluation, as in GENIUS", name, is.ID)
		}
		text := it.attrOr("evaluation", "")
		var v bargain.Number
		if t := strings.TrimSpace(text); t == "" || t == "null" {
			g.notes.add(it.at, "option %q of issue %q has no evaluation; it counts as 0", name, is.ID)
		} else {
			var err error
			if v, err = attrNumber(it, "evaluation"); err != nil {
				return err
			}
		}
		if old, twice := evals[name]; twice && !old.Equal(v) {
			g.notes.add(it.at, "option %q of issue %q is evaluated twice, %s and %s; the last counts, as in GENIUS", name, is.ID, brief(old), brief(v))
		}
		evals[name] = v
	}
	for _, v := range evals {
		if v.Cmp(most) > 0 {
			most = v
		}
	}
	if most.Cmp(bargain.MustNumber("0.00001")) < 0 {
		if len(evals) > 0 {
			g.notes.add(e.at, "every option of issue %q is worth 0", is.ID)
		}
		most = bargain.Number{}
	}
	for name, v := range evals {
		if _, known := g.opt[i][name]; !known {
			continue
		}
		if most.Sign() == 0 {
			values[name] = bargain.Number{}
		} else {
			values[name] = v.Quo(most)
		}
	}
	return nil
}

// numeric evaluates integers and reals on their scale.
func (g *genius) numeric(e *element, gi *geniusIssue, is *bargain.Issue, values map[string]bargain.Number) error {
	ev := e.child("evaluator")
	if ev == nil {
		g.notes.add(e.at, "issue %q has no evaluator; every value counts as 0", is.ID)
		return nil
	}
	worth, err := g.evaluator(e, ev, gi)
	if err != nil {
		return err
	}
	for k, v := range gi.values {
		values[is.Options[k].ID] = clamp01(worth(v))
	}
	return nil
}

func clamp01(v bargain.Number) bargain.Number {
	if v.Sign() < 0 {
		return bargain.Number{}
	}
	if v.Cmp(bargain.Whole(1)) > 0 {
		return bargain.Whole(1)
	}
	return v
}

// evaluator gives an issue's evaluation function before it is kept within 0 to 1.
func (g *genius) evaluator(e, ev *element, gi *geniusIssue) (func(bargain.Number) bargain.Number, error) {
	parameter := func(names ...string) (bargain.Number, error) {
		for _, n := range names {
			if _, ok := ev.attr[n]; ok {
				return attrNumber(ev, n)
			}
		}
		return bargain.Number{}, fault(ev.at, "<evaluator> needs the attribute %s", names[0])
	}
	if gi.kind == "integer" {
		// Counted from the lower bound that the profile itself states; the domain's stands in where it states none.
		lower := gi.lower
		if lo, _, err := bounds(e); err == nil {
			if !lo.Equal(lower) {
				g.notes.add(e.at, "issue %q begins at %s here and at %s in the domain; values are counted from %s, as in GENIUS", gi.name, lo, lower, lo)
			}
			lower = lo
		}
		slope, err := parameter("slope", "parameter1")
		if err != nil {
			return nil, err
		}
		offset, err := parameter("offset", "parameter0")
		if err != nil {
			return nil, err
		}
		return func(v bargain.Number) bargain.Number { return slope.Mul(v.Sub(lower)).Add(offset) }, nil
	}
	switch kind := strings.ToLower(ev.attrOr("ftype", "linear")); kind {
	case "linear":
		slope, err := parameter("parameter1", "slope")
		if err != nil {
			return nil, err
		}
		offset, err := parameter("parameter0", "offset")
		if err != nil {
			return nil, err
		}
		return func(v bargain.Number) bargain.Number { return slope.Mul(v).Add(offset) }, nil
	case "constant":
		c, err := parameter("parameter0")
		return func(bargain.Number) bargain.Number { return c }, err
	case "triangular", "triangular_variable_top":
		lo, err := parameter("parameter0")
		if err != nil {
			return nil, err
		}
		hi, err := parameter("parameter1")
		if err != nil {
			return nil, err
		}
		top, err := parameter("parameter2")
		if err != nil {
			return nil, err
		}
		one := bargain.Whole(1)
		if kind == "triangular_variable_top" {
			if one, err = parameter("parameter3"); err != nil {
				return nil, err
			}
		}
		if !(lo.Cmp(top) <= 0 && top.Cmp(hi) <= 0) {
			return nil, fault(ev.at, "the top %s of the triangle does not lie between %s and %s", top, lo, hi)
		}
		return triangle(lo, top, hi, one), nil
	default:
		return nil, fault(ev.at, "the evaluator of issue %q is of the kind %q, which is not read; linear, constant and triangular are", gi.name, kind)
	}
}

// triangle rises from 0 at lo to the height at top and falls to 0 at hi.
func triangle(lo, top, hi, height bargain.Number) func(bargain.Number) bargain.Number {
	return func(v bargain.Number) bargain.Number {
		switch {
		case v.Cmp(lo) < 0 || v.Cmp(hi) > 0:
			return bargain.Number{}
		case v.Equal(top):
			return height
		case v.Cmp(top) < 0:
			return height.Mul(v.Sub(lo)).Quo(top.Sub(lo))
		default:
			return height.Mul(hi.Sub(v)).Quo(hi.Sub(top))
		}
	}
}

package scenario

import (
	"path"
	"strings"

	"parley/internal/bargain"
)

// NegMAS: an outcome space (issues with type and values) and one utility function a party, whose values and weights go by
// position. Type names may be short or fully qualified. A ContiguousIssue's two values are the ends of a range of whole
// numbers. reserved_value left out or -.inf means that any agreement is better than none.
//
// A multi-deal folder (a centre that deals with several edges, one issue set each) is read as one negotiation of all of
// them: an edge scores its own issues only. The centre's weights are drawn at random by the tool where the file has none;
// then the centre has no scoring here.

type negmas struct {
	*builder
	grid  int
	kinds []string
}

func readNegMAS(dom *parsedFile, profiles []parsedFile, grid int, n *notes) (*Scenario, error) {
	m := &negmas{builder: newBuilder(NegMAS, n), grid: grid}
	space := profiles[0].tree.get("outcome_space")
	switch {
	case dom != nil:
		space = dom.tree
	case profiles[0].tree.has("outcome_spaces"):
		return m.multiDeal(profiles)
	}
	if space == nil {
		return nil, fault(profiles[0].tree.at, "there is no file with the issues of this scenario")
	}
	if err := m.space(space); err != nil {
		return nil, err
	}
	if err := m.checkIssues(space.at); err != nil {
		return nil, err
	}
	all := make([]int, len(m.s.Template.Issues))
	for i := range all {
		all[i] = i
	}
	for _, p := range profiles {
		sc := m.addParty(partyName(p))
		if err := m.function(p.tree, sc, all, bargain.Whole(1)); err != nil {
			return nil, err
		}
		m.finish(p.tree, sc)
	}
	return m.s, nil
}

func partyName(p parsedFile) string {
	if n := p.tree.get("name"); n != nil && n.kind == scalar && strings.TrimSpace(n.text) != "" && len(n.text) < maxNameRunes {
		return strings.TrimSpace(n.text)
	}
	return strings.TrimSuffix(path.Base(p.name), path.Ext(p.name))
}

// kindName is the last part of a type name: negmas.outcomes.CategoricalIssue is CategoricalIssue.
func kindName(n *node) string {
	if n == nil || n.kind != scalar {
		return ""
	}
	return n.text[strings.LastIndex(n.text, ".")+1:]
}

func (m *negmas) space(t *node) error {
	issues := t.get("issues")
	if issues == nil {
		return fault(t.at, "the outcome space has no issues")
	}
	if err := issues.want(list, "issues"); err != nil {
		return err
	}
	if n := t.get("name"); n != nil && n.kind == scalar && m.s.Template.Title == "" {
		m.s.Template.Title = n.text
	}
	for _, is := range issues.kids {
		if err := m.addIssueOf(is); err != nil {
			return err
		}
	}
	return nil
}

func (m *negmas) addIssueOf(t *node) error {
	values := t.get("values")
	if t.kind != object || values == nil {
		return fault(t.at, "an issue needs a name and values")
	}
	name := ""
	if n := t.get("name"); n != nil {
		var err error
		if name, err = n.name("the issue's name"); err != nil {
			return err
		}
	}
	i, err := m.addIssue(t.at, name)
	if err != nil {
		return err
	}
	kind := kindName(t.get("type"))
	m.kinds = append(m.kinds, kind)
	switch {
	case kind == "ContiguousIssue" && values.kind == list && len(values.kids) == 2:
		return m.run(values, i, values.kids[0], values.kids[1], false)
	case kind == "ContinuousIssue" && values.kind == list && len(values.kids) == 2:
		return m.run(values, i, values.kids[0], values.kids[1], true)
	case values.kind == scalar: // a number n stands for 0 to n-1
		n, err := values.number("the number of values")
		if err != nil {
			return err
		}
		zero := &node{kind: scalar, at: values.at, text: "0"}
		last := &node{kind: scalar, at: values.at, text: n.Sub(bargain.Whole(1)).String()}
		return m.run(values, i, zero, last, false)
	case values.kind == list:
		for _, o := range values.kids {
			name, err := o.name("the option")
			if err != nil {
				return err
			}
			if err := m.addOption(o.at, i, name); err != nil {
				return err
			}
		}
		return nil
	}
	return fault(values.at, "the values of issue %q should be a list", name)
}

// run adds the whole numbers from lo to hi, or a grid over a range of reals.
func (m *negmas) run(t *node, issue int, lo, hi *node, real bool) error {
	a, err := lo.number("the lower end")
	if err != nil {
		return err
	}
	b, err := hi.number("the upper end")
	if err != nil {
		return err
	}
	if a.Cmp(b) > 0 {
		return fault(t.at, "the lower end %s lies above the upper end %s", a, b)
	}
	step := bargain.Whole(1)
	if real {
		step = b.Sub(a).Quo(bargain.Whole(int64(m.grid - 1)))
		m.notes.add(t.at, "issue %q is a real number from %s to %s; it is read on a grid of %d values, %s apart, and what lies between them is not examined", m.s.Template.Issues[issue].ID, a, b, m.grid, brief(step))
	} else if !a.Rat().IsInt() || !b.Rat().IsInt() {
		return fault(t.at, "the ends %s and %s are not whole numbers", a, b)
	}
	if step.Sign() > 0 && b.Sub(a).Quo(step).Cmp(bargain.Whole(bargain.MaxOptions-1)) > 0 {
		return fault(t.at, "the range from %s to %s has more than %d values; write a coarser scale", a, b, bargain.MaxOptions)
	}
	for v := a; v.Cmp(b) <= 0; v = v.Add(step) {
		if err := m.addOption(t.at, issue, v.String()); err != nil {
			return err
		}
		if step.Sign() == 0 {
			break
		}
	}
	return nil
}

// function reads a utility function over the given issues, its weights multiplied by a factor.
func (m *negmas) function(t *node, sc *bargain.Scoring, issues []int, factor bargain.Number) error {
	if k := kindName(t.get("type")); k != "" && k != "LinearAdditiveUtilityFunction" && k != "LinearUtilityAggregationFunction" {
		return fault(t.get("type").at, "utility functions of the kind %q are not read; LinearAdditiveUtilityFunction is", k)
	}
	values := t.get("values")
	if values == nil || values.kind != list && values.kind != object {
		return fault(t.at, "the utility function needs values")
	}
	if b := t.get("bias"); b != nil && b.kind == scalar {
		if v, err := b.number("the bias"); err != nil || v.Sign() != 0 {
			return fault(b.at, "a utility function with a bias is not read; add it to the values of one issue")
		}
	}
	if len(values.kids) != len(issues) {
		return fault(values.at, "the utility function has values for %d issues, and the outcome space has %d", len(values.kids), len(issues))
	}
	ws := t.get("weights")
	if ws != nil && ws.kind != nothing && len(ws.kids) != len(issues) {
		return fault(ws.at, "there are %d weights for %d issues", len(ws.kids), len(issues))
	}
	for k, i := range issues {
		id := m.s.Template.Issues[i].ID
		w := bargain.Whole(1)
		if ws != nil && ws.kind != nothing {
			var err error
			if w, err = m.float(ws.kids[k], "the weight of issue "+id); err != nil {
				return err
			}
		}
		sc.Weights[id] = w.Mul(factor)
		if err := m.valueFunction(values.kids[k], i, sc.Values[id]); err != nil {
			return err
		}
	}
	if ws == nil {
		m.notes.add(t.at, "party %q gives no weights; each counts as 1, as in NegMAS", sc.Party)
	}
	return nil
}

// float reads a number as NegMAS writes them: what is smaller than any fraction we keep is floating-point dust.
func (m *negmas) float(n *node, what string) (bargain.Number, error) {
	if n != nil && n.kind == scalar {
		if i := strings.Index(strings.ToLower(n.text), "e-"); i >= 0 && len(n.text)-i == 5 {
			m.notes.add(n.at, "%s is %s; it counts as 0", what, n.text)
			return bargain.Number{}, nil
		}
	}
	return n.number(what)
}

func (m *negmas) valueFunction(t *node, issue int, values map[string]bargain.Number) error {
	is := &m.s.Template.Issues[issue]
	kind := kindName(t.get("type"))
	mapping := t.get("mapping")
	if mapping == nil && t.kind == object && kind == "" {
		mapping = t
	}
	if mapping != nil && mapping.kind == object {
		m.duplicates(mapping)
		for k, name := range mapping.keys {
			name = strings.TrimSpace(name)
			if _, known := m.opt[issue][name]; !known {
				// Keys may be written as numbers in another form: 1 and 1.0.
				if v, err := bargain.ParseNumber(name); err == nil {
					name = v.String()
				}
			}
			if _, known := m.opt[issue][name]; !known {
				m.notes.add(mapping.kids[k].at, "option %q of issue %q is not in the outcome space; it is left aside", name, is.ID)
				continue
			}
			v, err := m.float(mapping.kids[k], "the worth of "+name)
			if err != nil {
				return err
			}
			values[name] = v
		}
		return nil
	}
	slope, bias := bargain.Whole(1), bargain.Number{}
	switch kind {
	case "IdentityFun":
	case "LinearFun", "AffineFun":
		var err error
		if slope, err = t.get("slope").number("the slope"); err != nil {
			return err
		}
		if b := t.get("bias"); b != nil && b.kind == scalar {
			if bias, err = b.number("the bias"); err != nil {
				return err
			}
		}
	default:
		return fault(t.at, "value functions of the kind %q are not read; TableFun, LinearFun, AffineFun and IdentityFun are", kind)
	}
	for _, o := range is.Options {
		v, err := bargain.ParseNumber(o.ID)
		if err != nil {
			return fault(t.at, "issue %q is scored as a number, but its option %q is none", is.ID, o.ID)
		}
		values[o.ID] = slope.Mul(v).Add(bias)
	}
	return nil
}

// finish reads the reservation value and remarks on what is odd.
func (m *negmas) finish(t *node, sc *bargain.Scoring) {
	m.fill(t.at, sc)
	m.reserved(t, sc)
	m.weighSum(t.at, sc)
	m.checkRange(t.at, sc)
}

func (m *negmas) reserved(t *node, sc *bargain.Scoring) {
	r := t.get("reserved_value")
	if r == nil || r.kind != scalar || strings.EqualFold(r.text, "-.inf") {
		if o := t.get("reserved_outcome"); o != nil && o.kind != nothing {
			m.notes.add(o.at, "a reserved_outcome is not read; give the reserved_value")
		}
		return
	}
	v, err := m.float(r, "the reserved value")
	if err != nil {
		m.notes.add(r.at, "the reserved value %q is no number; it counts as none", r.text)
		return
	}
	sc.Reservation = &v
}

// multiDeal reads a centre and its edges.
func (m *negmas) multiDeal(profiles []parsedFile) (*Scenario, error) {
	centre := profiles[0].tree
	spaces := centre.get("outcome_spaces")
	if err := spaces.want(list, "outcome_spaces"); err != nil {
		return nil, err
	}
	var sets [][]int // the issues of each deal
	for _, s := range spaces.kids {
		from := len(m.s.Template.Issues)
		if err := m.space(s); err != nil {
			return nil, err
		}
		set := []int{}
		for i := from; i < len(m.s.Template.Issues); i++ {
			set = append(set, i)
		}
		sets = append(sets, set)
	}
	if err := m.checkIssues(spaces.at); err != nil {
		return nil, err
	}
	if err := m.centre(profiles[0], sets); err != nil {
		return nil, err
	}
	for _, p := range profiles[1:] {
		set, err := m.setOf(p, sets)
		if err != nil {
			return nil, err
		}
		sc := m.addParty(partyName(p))
		if err := m.function(p.tree, sc, set, bargain.Whole(1)); err != nil {
			return nil, err
		}
		for i := range m.s.Template.Issues { // an edge is silent on the other deals, which needs no remark
			is := m.s.Template.Issues[i]
			if _, own := sc.Weights[is.ID]; !own {
				sc.Weights[is.ID] = bargain.Number{}
				for _, o := range is.Options {
					sc.Values[is.ID][o.ID] = bargain.Number{}
				}
			}
		}
		m.finish(p.tree, sc)
	}
	return m.s, nil
}

func (m *negmas) centre(p parsedFile, sets [][]int) error {
	t := p.tree
	side := t.get("side_ufuns")
	kind := kindName(t.get("type"))
	if side == nil || side.kind != list || len(side.kids) != len(sets) || kind != "LinearCombinationCenterUFun" {
		return fault(t.at, "the centre's utility function is of the kind %q, which is not read; LinearCombinationCenterUFun with one side_ufun for each deal is", kind)
	}
	ws := t.get("weights")
	sc := m.addParty(partyName(p))
	if ws == nil || ws.kind != list || len(ws.kids) != len(sets) {
		m.notes.add(t.at, "the centre %q gives no weights for its %d deals, and the tool would draw them at random; it has no scoring until you give them", sc.Party, len(sets))
		m.s.Scorings = m.s.Scorings[:len(m.s.Scorings)-1]
		return nil
	}
	var sum bargain.Number
	var w []bargain.Number
	for _, k := range ws.kids {
		v, err := m.float(k, "a weight of the centre")
		if err != nil {
			return err
		}
		w, sum = append(w, v), sum.Add(v)
	}
	for k, f := range side.kids {
		factor := w[k]
		if sum.Sign() != 0 {
			factor = factor.Quo(sum) // the reference implementation divides by their sum
		}
		if err := m.function(f, sc, sets[k], factor); err != nil {
			return err
		}
	}
	m.finish(t, sc)
	return nil
}

// setOf finds which deal an edge takes part in, by the names of its issues.
func (m *negmas) setOf(p parsedFile, sets [][]int) ([]int, error) {
	issues := p.tree.get("outcome_space").get("issues")
	if issues == nil || issues.kind != list {
		return nil, fault(p.tree.at, "the edge needs an outcome_space with issues")
	}
	for _, set := range sets {
		same := len(set) == len(issues.kids)
		for k := 0; same && k < len(set); k++ {
			n := issues.kids[k].get("name")
			same = n != nil && n.text == m.s.Template.Issues[set[k]].Label
		}
		if same {
			return set, nil
		}
	}
	return nil, fault(issues.at, "the edge's issues are not those of any deal of the centre")
}

package bargain

import (
	"fmt"
	"slices"
)

// Bounds of a template. They keep indices in 16 bits and the arithmetic of
// proofs small; a model beyond them is refused by Compile.
const (
	MaxParties = 8
	MaxIssues  = 1024
	MaxOptions = 65535 // options in one issue
)

// Template is what is on the table: the parties, the issues and the options
// of each, and the rules that say which options go together. It holds no
// preferences, so it may be shown to everybody.
//
// Ids are stable strings chosen by the caller; labels are for people. An
// issue may stand for a choice in a negotiating text and an option for one of
// the readings in its bracket: then Origin holds their place in the text.
type Template struct {
	ID      string
	Title   string
	Parties []Party
	Issues  []Issue
	Rules   []Rule // optional; every deal must satisfy all of them
}

// Party is one that can say yes or no to a deal.
type Party struct {
	ID   string // unique within the template
	Name string // for people; may be empty
}

// Issue is a question to be settled by exactly one of its options.
type Issue struct {
	ID      string // unique within the template
	Label   string
	Origin  string // where it comes from, such as a choice in a text; may be empty
	Options []Option
}

// Option is one way to settle an issue.
type Option struct {
	ID     string // unique within its issue
	Label  string
	Origin string // such as an option of a bracket in a text; may be empty
}

// Pick names one option of one issue by ids.
type Pick struct {
	Issue  string
	Option string
}

// Literal is a statement about a deal: it contains the picked option, or,
// with Not, it does not.
type Literal struct {
	Pick
	Not bool
}

// Rule is a clause: at least one of its literals must be true of every deal.
// Why is a sentence for people and may be empty.
type Rule struct {
	ID  string
	Why string
	Any []Literal
}

// Forbid is the rule that the given options may not all stand in one deal.
func Forbid(id, why string, together ...Pick) Rule {
	r := Rule{ID: id, Why: why}
	for _, p := range together {
		r.Any = append(r.Any, Literal{Pick: p, Not: true})
	}
	return r
}

// Require is the rule that if the first option stands in a deal, one of the
// others must stand in it too.
func Require(id, why string, when Pick, oneOf ...Pick) Rule {
	r := Rule{ID: id, Why: why, Any: []Literal{{Pick: when, Not: true}}}
	for _, p := range oneOf {
		r.Any = append(r.Any, Literal{Pick: p})
	}
	return r
}

// Scoring is what one party says each option is worth to it. The worth of a
// deal is
//
//	Σ over issues of Weights[issue] · Values[issue][option chosen]
//	+ Σ of the pair terms whose two options both stand in the deal
//
// with all numbers taken exactly as written: nothing is divided by a sum of
// weights, nothing is normalised. Higher is better. Where Opaque is set it
// alone gives the worth, and Weights, Values and Pairs must be empty.
type Scoring struct {
	Party string // id of the party it belongs to

	// Weights by issue id. An issue without a weight has weight 1 if the
	// whole map is empty; otherwise it is refused by Compile.
	Weights map[string]Number

	// Values by issue id, then option id. Every option needs a value.
	Values map[string]map[string]Number

	// Reservation is the reservation value: the worth, on the same scale, of
	// walking away. nil means none was given: then no deal is unacceptable
	// and gains are counted from the worst the party could score.
	Reservation *Number

	// Discount is the factor d in d^t by which the party's worth and its
	// reservation value shrink until time t in [0,1]; nil means none, and a
	// value outside (0,1] is refused. The engine analyses the deal at time 0;
	// the same factor on worth and reservation changes no efficient deal and
	// no Nash or Kalai-Smorodinsky deal, so it is carried for the record.
	Discount *Number

	Pairs  []PairTerm
	Opaque *Opaque
}

// PairTerm adds Value (not weighted) when both options stand in the deal.
// The two picks must be of different issues.
type PairTerm struct {
	A, B  Pick
	Value Number
}

// Opaque is a worth that has no known structure. Score must be a pure
// function of the deal and give the worth in units of 1/Denominator; it must
// not keep the deal. Problems with an opaque scoring are solved by streaming
// through every deal and are refused when there are more than MaxOpaqueDeals.
type Opaque struct {
	Denominator int64 // > 0
	Score       func(Deal) int64
}

// MaxOpaqueDeals is the largest number of deals an opaque scoring is
// enumerated over.
const MaxOpaqueDeals = 1_000_000_000

// Deal is one option per issue, as indices in the template's order: what game
// theory calls an outcome.
type Deal []uint16

// Deal turns picks into a deal. Every issue must be picked exactly once.
func (t *Template) Deal(picks ...Pick) (Deal, error) {
	d := make(Deal, len(t.Issues))
	seen := make([]bool, len(t.Issues))
	for _, p := range picks {
		i, o, err := t.Find(p)
		if err != nil {
			return nil, err
		}
		if seen[i] {
			return nil, fmt.Errorf("issue %q is settled twice", p.Issue)
		}
		seen[i], d[i] = true, uint16(o)
	}
	if i := slices.Index(seen, false); i >= 0 {
		return nil, fmt.Errorf("issue %q is not settled; a deal needs one option of every issue", t.Issues[i].ID)
	}
	return d, nil
}

// Picks names the options of a deal in the template's order. The deal must
// have been made for this template.
func (t *Template) Picks(d Deal) []Pick {
	picks := make([]Pick, len(d))
	for i, o := range d {
		picks[i] = Pick{t.Issues[i].ID, t.Issues[i].Options[o].ID}
	}
	return picks
}

// Find gives the positions of a pick's issue and option.
func (t *Template) Find(p Pick) (issue, option int, err error) {
	issue = slices.IndexFunc(t.Issues, func(i Issue) bool { return i.ID == p.Issue })
	if issue < 0 {
		return 0, 0, fmt.Errorf("there is no issue %q", p.Issue)
	}
	option = slices.IndexFunc(t.Issues[issue].Options, func(o Option) bool { return o.ID == p.Option })
	if option < 0 {
		return 0, 0, fmt.Errorf("issue %q has no option %q", p.Issue, p.Option)
	}
	return issue, option, nil
}

// check says whether the deal fits the template.
func (t *Template) check(d Deal) error {
	if len(d) != len(t.Issues) {
		return fmt.Errorf("the deal settles %d issues, but the template has %d", len(d), len(t.Issues))
	}
	for i, o := range d {
		if int(o) >= len(t.Issues[i].Options) {
			return fmt.Errorf("issue %q has %d options; the deal picks number %d", t.Issues[i].ID, len(t.Issues[i].Options), o+1)
		}
	}
	return nil
}

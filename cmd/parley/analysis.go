package main

import (
	"context"
	"errors"
	"math/big"
	"slices"

	"parley/internal/bargain"
	"parley/internal/scenario"
)

// wanted is what the person asked for.
type wanted struct {
	cover, within float64 // shares; 0: not asked for
	exact         bool    // the whole frontier, however long it takes
	peers, winner bool
	uncertain     int64 // per mille
	draws         int
	seed          uint64
}

// An inquiry is a scenario under examination.
type inquiry struct {
	s     *scenario.Scenario
	p     *bargain.Problem
	draft bargain.Deal
	want  wanted
	o     bargain.Options
	on    func(what string) // the question that is being asked now
	a     *analysis
}

// The measures of fairness that are always asked for, in order.
var measures = []struct {
	name, phrase string
	objective    bargain.Objective
}{
	{"nash", "cli.analysis-nash", bargain.Nash{}},
	{"kalai-smorodinsky", "cli.analysis-kalai-smorodinsky", bargain.KalaiSmorodinsky{}},
	{"egalitarian", "cli.analysis-egalitarian", bargain.Egalitarian{}},
	{"utilitarian", "cli.analysis-utilitarian", bargain.Utilitarian{}},
}

// readable is how many points of a frontier are listed where there are three
// parties or more. Beyond that a cover stands for it, as close as the number of
// parties lets it be found in a moment.
const readable = 20_000

// closeness is the distance of that cover, and what its proofs may cost.
func closeness(parties int) (eps float64, b bargain.Budget) {
	switch parties {
	case 3:
		return 0.05, b
	case 4:
		return 0.10, b
	}
	return 0.20, bargain.Budget{Points: 40, Partials: 5_000}
}

// examine asks every question in turn, the short ones first. When the context
// ends, what is found by then stays, each answer with the distance proved for
// it, and the rest is said not to have been asked.
func (q *inquiry) examine(ctx context.Context) error {
	steps := []struct {
		name string
		ask  func(context.Context) error
		when bool
	}{
		{"zone", q.askZone, true},
		{"solutions", q.askSolutions, true},
		{"draft", q.askDraft, q.draft != nil},
		{"tradable", q.askTradable, true},
		{"adjusted-winner", q.askWinner, q.want.winner},
		{"sensitivity", q.askSensitivity, q.want.draws > 0},
		{"frontier", q.askFrontier, true},
		{"ties", q.askTies, true},
		{"peers", q.askPeers, q.want.peers},
	}
	for _, s := range steps {
		if !s.when {
			continue
		}
		if ctx.Err() != nil && s.name != "solutions" {
			q.a.Unasked = append(q.a.Unasked, s.name)
			continue
		}
		q.on(s.name)
		err := s.ask(ctx)
		if errors.Is(err, context.Canceled) && ctx.Err() != nil {
			q.a.Unasked = append(q.a.Unasked, s.name)
			continue
		}
		if err != nil {
			return err
		}
	}
	q.a.Interrupted = ctx.Err() != nil
	return nil
}

func (q *inquiry) found(x bargain.Point) packageFound {
	f := packageFound{point: x, Options: q.options(x.Deal)}
	for i, u := range x.Utilities {
		f.Worth = append(f.Worth, q.p.Utility(i, u))
	}
	return f
}

func (q *inquiry) options(d bargain.Deal) []string {
	ids := make([]string, len(d))
	for i, o := range d {
		ids[i] = q.s.Template.Issues[i].Options[o].ID
	}
	return ids
}

func sure(g bargain.Guarantee) guaranteeFound {
	f := guaranteeFound{Kind: g.Kind.String(), Limit: g.Limit, Certificate: g.Proof != nil}
	if g.Kind == bargain.Within {
		f.Eps = g.Eps
	}
	return f
}

func (q *inquiry) askZone(ctx context.Context) error {
	z, err := q.p.Zone(ctx, q.o)
	if err != nil {
		return err
	}
	f := &zoneFound{Exists: z.Exists, Known: z.Exists || z.Why != nil, Guarantee: sure(z.Guarantee), proof: &z.Guarantee}
	if z.Exists {
		w := q.found(z.Witness)
		f.Witness = &w
	}
	if z.Why != nil {
		f.Why = z.Why.Sentence(&q.s.Template)
		w := q.found(z.Why.Nearest)
		f.Witness = &w
	}
	q.a.Zone = f
	return nil
}

func (q *inquiry) askSolutions(ctx context.Context) error {
	if z := q.a.Zone; z != nil && z.Known && !z.Exists {
		return nil // every measure would only say so again
	}
	var cannot *bargain.Refusal
	for _, m := range measures {
		q.on(m.name)
		sol, err := q.p.Solve(ctx, m.objective, q.o)
		if errors.Is(err, context.Canceled) && ctx.Err() != nil {
			q.a.Unasked = append(q.a.Unasked, m.name)
			continue
		}
		if errors.As(err, &cannot) {
			q.a.Solutions = append(q.a.Solutions, solutionFound{Name: m.name, Why: cannot.Why, Guarantee: guaranteeFound{Kind: bargain.Stopped.String()}})
			continue
		}
		if err != nil {
			return err
		}
		q.a.Solutions = append(q.a.Solutions, q.solution(m.name, sol))
		if sol.Ideals != nil && sol.Guarantee.Kind == bargain.Exact {
			for i, g := range sol.Ideals {
				r, _ := q.p.Reserve(i)
				best := q.p.Utility(i, r+g)
				q.a.Parties[i].Best = &best
			}
		}
	}
	return nil
}

func (q *inquiry) solution(name string, sol bargain.Solution) solutionFound {
	f := solutionFound{Name: name, Agreement: sol.Agreement, AlsoMore: sol.AlsoMore, Value: sol.Value, Upper: sol.Upper,
		Guarantee: sure(sol.Guarantee), proof: &sol.Guarantee}
	if len(sol.Deal) > 0 {
		x := q.found(sol.Point)
		f.Package = &x
	}
	for _, x := range sol.Also {
		f.Also = append(f.Also, q.found(x))
	}
	for _, i := range sol.Left {
		f.Without = append(f.Without, q.s.Template.Parties[i].ID)
	}
	if bound := f.Upper; bound > 1e300 { // nothing is known, and JSON has no infinity
		f.Upper = 0
	}
	return f
}

// trades is in how many issues a trade may change the draft.
const trades = 3

func (q *inquiry) askDraft(ctx context.Context) error {
	at, err := q.p.Score(q.draft)
	if err != nil {
		return err
	}
	im, err := q.p.Improve(ctx, q.draft, bargain.Nash{}, q.o)
	if err != nil {
		return err
	}
	f := &draftFound{Package: q.found(at), Efficient: im.DraftEfficient, Guarantee: sure(im.Guarantee), proof: &im.Guarantee, Trades: []tradeFound{}}
	q.a.Draft = f
	for i, y := range q.s.Template.Parties {
		if least, given := q.p.Reserve(i); given && at.Utilities[i] < least {
			f.Refusing = append(f.Refusing, y.ID)
		}
	}
	if im.Agreement && !slices.Equal(im.Utilities, at.Utilities) {
		x := q.found(im.Point)
		f.Better, f.Gains = &x, q.numbers(less(im.Utilities, at.Utilities))
	}
	if f.Efficient {
		return nil // there is nothing to trade
	}
	t, err := q.p.Trades(ctx, q.draft, min(trades, len(q.s.Template.Issues)), q.o)
	if err != nil {
		return err
	}
	f.Listed = sure(t.Guarantee)
	for _, x := range t.List {
		f.Trades = append(f.Trades, tradeFound{q.changes(q.draft, x.Deal), q.numbers(x.Gains)})
	}
	return nil
}

func less(a, b []int64) []int64 {
	d := make([]int64, len(a))
	for i := range a {
		d[i] = a[i] - b[i]
	}
	return d
}

func (q *inquiry) numbers(units []int64) []bargain.Number {
	out := make([]bargain.Number, len(units))
	for i, u := range units {
		out[i] = q.p.Utility(i, u)
	}
	return out
}

func (q *inquiry) changes(from, to bargain.Deal) (list []changeFound) {
	for i, is := range q.s.Template.Issues {
		if from[i] != to[i] {
			list = append(list, changeFound{is.ID, is.Options[from[i]].ID, is.Options[to[i]].ID})
		}
	}
	return list
}

// additive says whether every party scores issue by issue.
func (q *inquiry) additive() bool {
	for _, s := range q.s.Scorings {
		if s.Opaque != nil || q.s.Rectangles[s.Party] != nil {
			return false
		}
	}
	return true
}

// askTradable compares what issues mean to the parties. A worth that a format
// caps is compared as if it were not, for the cap says nothing of single issues.
func (q *inquiry) askTradable(context.Context) error {
	if !q.additive() {
		return nil
	}
	p := q.p
	if len(q.s.Caps) > 0 {
		bare := *q.s
		bare.Caps = nil
		var err error
		if p, _, err = bare.Compile(); err != nil {
			return err
		}
	}
	name := q.s.Template.Issues
	for _, t := range p.Logroll() {
		a, b := q.s.Template.Parties[t.First].ID, q.s.Template.Parties[t.Other].ID
		if n := len(q.a.Trade); n == 0 || q.a.Trade[n-1].First != a || q.a.Trade[n-1].Other != b {
			q.a.Trade = append(q.a.Trade, pairFound{First: a, Other: b})
		}
		p := &q.a.Trade[len(q.a.Trade)-1]
		p.Issues = append(p.Issues, swingFound{name[t.Issue].ID, t.FirstSwing, t.OtherSwing, t.Opposed})
	}
	return nil
}

func (q *inquiry) askSensitivity(ctx context.Context) error {
	if z := q.a.Zone; z != nil && z.Known && !z.Exists {
		return nil
	}
	f := &sensitivityFound{PerMille: q.want.uncertain}
	s, err := q.p.Sensitivity(ctx, bargain.Uncertainty{PerMille: q.want.uncertain, Samples: q.want.draws, Seed: q.want.seed}, bargain.Nash{}, q.o)
	var no *bargain.Refusal
	if errors.As(err, &no) {
		f.Why = no.Why
		q.a.Sensitivity = f
		return nil
	}
	if err != nil {
		return err
	}
	f.Draws, f.Same, f.None, f.Unproved = s.Samples, s.Same, s.None, s.Unproved
	f.Kind, f.Limit = s.Guarantee.Kind.String(), s.Guarantee.Limit
	for i, is := range q.s.Template.Issues {
		x := sharesFound{Issue: is.ID, Open: slices.Contains(s.Open, i), Shares: map[string]int{}, raw: s.Shares[i]}
		for o, n := range s.Shares[i] {
			if n > 0 {
				x.Shares[is.Options[o].ID] = n
			}
		}
		f.Issues = append(f.Issues, x)
	}
	q.a.Sensitivity = f
	return nil
}

func (q *inquiry) askFrontier(ctx context.Context) error {
	if z := q.a.Zone; z != nil && z.Known && !z.Exists && len(q.s.Template.Parties) > 2 {
		return nil
	}
	f, r, err := q.frontier(ctx)
	if err != nil {
		return err
	}
	x := &frontierFound{Guarantee: sure(f.Guarantee), Points: make([]packageFound, 0, len(f.Points))}
	x.Cover = f.Guarantee.Kind != bargain.Exact
	x.Within = q.want.within
	accepts := q.p.AboveReserves().Floor
	for _, y := range f.Points {
		x.Points = append(x.Points, q.found(y))
		if meets(y.Utilities, accepts) {
			x.Acceptable++
		}
	}
	q.a.Frontier = x
	if x.Cover || len(f.Points) > readable {
		return nil
	}
	return q.countDeals(ctx, r)
}

func meets(u, floor []int64) bool {
	for i := range u {
		if u[i] < floor[i] {
			return false
		}
	}
	return true
}

// countable bounds the counting of ties, which is worth a moment and no more.
var countable = bargain.Options{Budget: bargain.Budget{Partials: 2_000}}

// countDeals counts the packages on the frontier, ties included, where that is
// not too many to count.
func (q *inquiry) countDeals(ctx context.Context, r bargain.Region) error {
	if q.a.Merged != "" {
		return nil // each of them stands for several
	}
	n, err := q.p.FrontierDeals(ctx, r, countable)
	var no *bargain.Refusal
	if errors.As(err, &no) && no.Fault == bargain.TooLarge {
		return nil
	}
	if err != nil {
		return err
	}
	q.a.Frontier.Deals = n.String()
	return nil
}

// frontier finds the frontier, the part of it that was asked for, or points
// that stand for it.
func (q *inquiry) frontier(ctx context.Context) (bargain.Frontier, bargain.Region, error) {
	above := q.p.AboveReserves()
	switch {
	case q.want.cover > 0:
		f, err := q.p.Cover(ctx, q.want.cover, above, q.o)
		return f, above, err
	case q.want.within > 0:
		r, err := q.near()
		if err != nil {
			return bargain.Frontier{}, r, err
		}
		f, err := q.p.Frontier(ctx, r, q.o)
		return f, r, err
	case len(q.s.Template.Parties) <= 2 || q.p.Deals().Cmp(big.NewInt(readable)) <= 0:
		f, err := q.p.Frontier(ctx, bargain.Region{}, q.o)
		return f, bargain.Region{}, err
	case q.want.exact:
		f, err := q.p.Frontier(ctx, above, q.o)
		return f, above, err
	}
	o := q.o
	o.Budget.Points = readable
	f, err := q.p.Frontier(ctx, above, o)
	if err != nil || f.Guarantee.Kind == bargain.Exact || ctx.Err() != nil {
		return f, above, err
	}
	q.on("cover")
	eps, b := closeness(len(q.s.Template.Parties))
	o.Budget = b
	g, err := q.p.Cover(ctx, eps, above, o)
	if err == nil && g.Guarantee.Kind == bargain.Stopped && f.Guarantee.Kind == bargain.Within {
		return f, above, nil
	}
	return g, above, err
}

// near is the region in which everybody keeps a share of the gain that the
// largest product of gains brings.
func (q *inquiry) near() (bargain.Region, error) {
	for _, s := range q.a.Solutions {
		if s.Name != "nash" || s.Package == nil {
			continue
		}
		r := bargain.Region{}
		for i, u := range s.Package.point.Utilities {
			base, _ := q.p.Reserve(i)
			lost := bargain.MustNumber(trimmed(q.want.within)).Mul(bargain.Whole(u - base)).Rat()
			r.Floor = append(r.Floor, u-new(big.Int).Quo(lost.Num(), lost.Denom()).Int64())
		}
		return r, nil
	}
	return q.p.AboveReserves(), nil
}

// askTies counts, for every solution, the packages of the very same worths.
func (q *inquiry) askTies(ctx context.Context) error {
	if q.a.Merged != "" {
		return nil
	}
	for i := range q.a.Solutions {
		s := &q.a.Solutions[i]
		if s.Package == nil || s.Guarantee.Kind != "exact" {
			continue
		}
		counts, err := q.p.Ties(ctx, [][]int64{s.Package.point.Utilities}, countable)
		var no *bargain.Refusal
		if errors.As(err, &no) && no.Fault == bargain.TooLarge {
			continue
		}
		if err != nil {
			return err
		}
		s.Ties = counts[0].String()
	}
	return nil
}

func (q *inquiry) askPeers(ctx context.Context) error {
	for _, d := range bargain.Peers() {
		q.on(string(d))
		points, g, err := q.p.Peer(ctx, d, q.o)
		if err != nil {
			return err
		}
		f := peerFound{Definition: d, Guarantee: sure(g), Points: []packageFound{}}
		for _, x := range points {
			f.Points = append(f.Points, q.found(x))
		}
		q.a.Peers = append(q.a.Peers, f)
	}
	return nil
}

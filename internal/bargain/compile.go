package bargain

import (
	"fmt"
	"math/big"
	"sync"
)

// Problem is a template with the scorings of all its parties, brought to
// whole numbers. It is immutable and safe for concurrent use.
type Problem struct {
	t        Template
	scorings []Scoring // in the order of the parties
	n        int

	denom   []int64   // per party: utilities are in units of 1/denom
	values  [][]int64 // per issue: options × parties
	pairs   []pair
	clauses [][]literal
	opaque  []*Opaque // per party, nil where the scoring has structure

	reserve []int64 // per party; the disagreement point
	worst   bool    // some reserve stands for the worst the party could score

	once    sync.Once
	mu      sync.Mutex
	reduced *space
	part    *space // what an elimination that was cut short had seen
	ready   *field // reduced, prepared for prices
	digest  string // of the tables, for certificates
	bare    bool   // no certificates are wanted
	fault   error
}

// pair is a pair term by position; v has one value for each party.
type pair struct {
	i, a, j, b int
	v          []int64
}

type literal struct {
	issue, option int
	not           bool
}

// roomForSums bounds |utility| so that differences, and sums over two halves,
// stay inside 63 bits.
const roomForSums = 1 << 60

// Compile checks template and scorings and brings them to whole numbers. The
// scorings may come in any order, one for each party. It refuses what it
// cannot compute exactly with a *Refusal.
func Compile(t Template, scorings []Scoring) (*Problem, error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	p := &Problem{t: t, n: len(t.Parties), values: make([][]int64, len(t.Issues))}
	if err := p.seatScorings(scorings); err != nil {
		return nil, err
	}
	for i := range t.Issues {
		p.values[i] = make([]int64, len(t.Issues[i].Options)*p.n)
	}
	p.clauses = t.literals()
	p.denom, p.reserve, p.opaque = make([]int64, p.n), make([]int64, p.n), make([]*Opaque, p.n)
	for q := range p.n {
		if err := p.score(q); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// Check says whether the template is whole: ids present and unique, sizes in
// bounds, rules about options that exist.
func (t *Template) Check() error {
	if len(t.Parties) < 1 || len(t.Parties) > MaxParties {
		return badTemplate("", "", "there are %d parties; the engine takes 1 to %d, so choose who is at the table", len(t.Parties), MaxParties)
	}
	if len(t.Issues) < 1 || len(t.Issues) > MaxIssues {
		return badTemplate("", "", "there are %d issues; the engine takes 1 to %d", len(t.Issues), MaxIssues)
	}
	seen := map[string]bool{}
	for _, p := range t.Parties {
		if p.ID == "" || seen[p.ID] {
			return badTemplate("", "", "the party id %q is empty or used twice; give every party its own", p.ID)
		}
		seen[p.ID] = true
	}
	clear(seen)
	for _, i := range t.Issues {
		if i.ID == "" || seen[i.ID] {
			return badTemplate(i.ID, "", "the issue id %q is empty or used twice; give every issue its own", i.ID)
		}
		seen[i.ID] = true
		if err := i.check(); err != nil {
			return err
		}
	}
	for _, r := range t.Rules {
		if len(r.Any) == 0 {
			return badTemplate("", "", "rule %q says nothing; give it at least one statement or drop it", r.ID)
		}
		for _, l := range r.Any {
			if _, _, err := t.Find(l.Pick); err != nil {
				return badTemplate(l.Issue, l.Option, "rule %q: %v", r.ID, err)
			}
		}
	}
	return nil
}

func (i *Issue) check() error {
	if len(i.Options) < 1 || len(i.Options) > MaxOptions {
		return badTemplate(i.ID, "", "issue %q has %d options; it needs 1 to %d", i.ID, len(i.Options), MaxOptions)
	}
	seen := make(map[string]bool, len(i.Options))
	for _, o := range i.Options {
		if o.ID == "" || seen[o.ID] {
			return badTemplate(i.ID, o.ID, "issue %q: the option id %q is empty or used twice; give every option its own", i.ID, o.ID)
		}
		seen[o.ID] = true
	}
	return nil
}

// literals turns the checked rules into positions.
func (t *Template) literals() [][]literal {
	var all [][]literal
	for _, r := range t.Rules {
		var c []literal
		for _, l := range r.Any {
			i, o, _ := t.Find(l.Pick)
			c = append(c, literal{i, o, l.Not})
		}
		all = append(all, c)
	}
	return all
}

func (p *Problem) seatScorings(scorings []Scoring) error {
	by := make(map[string]Scoring, len(scorings))
	for _, s := range scorings {
		if _, twice := by[s.Party]; twice {
			return badScoring(s.Party, "", "", "it is given twice; one scoring speaks for one party")
		}
		by[s.Party] = s
	}
	for _, q := range p.t.Parties {
		s, ok := by[q.ID]
		if !ok {
			return badScoring(q.ID, "", "", "it is missing; every party at the table needs one")
		}
		p.scorings = append(p.scorings, s)
		delete(by, q.ID)
	}
	for id := range by {
		return badScoring(id, "", "", "there is no such party in the template")
	}
	return nil
}

// score reads the scoring of party q into whole numbers.
func (p *Problem) score(q int) error {
	s := &p.scorings[q]
	if s.Discount != nil && (s.Discount.Sign() <= 0 || s.Discount.Cmp(Whole(1)) > 0) {
		return badScoring(s.Party, "", "", "the discount factor %s lies outside 0 to 1; leave it out where worth does not shrink", *s.Discount)
	}
	if s.Opaque != nil {
		return p.scoreOpaque(q, s)
	}
	worth, err := p.worths(s)
	if err != nil {
		return err
	}
	terms, err := p.terms(s)
	if err != nil {
		return err
	}
	lcm := big.NewInt(1)
	widen := func(r *big.Rat) { lcmInto(lcm, r.Denom()) }
	for _, os := range worth {
		for _, r := range os {
			widen(r)
		}
	}
	for _, x := range s.Pairs {
		widen(x.Value.rat())
	}
	if s.Reservation != nil {
		widen(s.Reservation.rat())
	}
	if lcm.BitLen() > 60 {
		return p.tooFine(s, lcm)
	}
	p.denom[q] = lcm.Int64()
	return p.fill(q, s, worth, terms, lcm)
}

// fill writes the worths as whole multiples of 1/lcm, watching the sums.
func (p *Problem) fill(q int, s *Scoring, worth [][]*big.Rat, terms []pair, lcm *big.Int) error {
	total := new(big.Int) // of the largest absolute values: no deal's worth passes it
	whole := func(r *big.Rat) *big.Int {
		v := new(big.Int).Mul(r.Num(), lcm)
		return v.Quo(v, r.Denom())
	}
	least := new(big.Int)
	for i, os := range worth {
		most := new(big.Int)
		var low *big.Int
		for o, r := range os {
			v := whole(r)
			if v.CmpAbs(most) > 0 {
				most.Abs(v)
			}
			if low == nil || v.Cmp(low) < 0 {
				low = v
			}
			p.values[i][o*p.n+q] = v.Int64()
		}
		total.Add(total, most)
		least.Add(least, low)
	}
	for x, pr := range terms {
		v := whole(s.Pairs[x].Value.rat())
		total.Add(total, new(big.Int).Abs(v))
		if v.Sign() < 0 {
			least.Add(least, v)
		}
		pr.v = make([]int64, p.n)
		pr.v[q] = v.Int64()
		p.pairs = append(p.pairs, pr)
	}
	r := least // the worst conceivable, where no reservation value is given
	if s.Reservation != nil {
		r = whole(s.Reservation.rat())
	} else {
		p.worst = true
	}
	if total.Cmp(big.NewInt(roomForSums)) > 0 || r.CmpAbs(big.NewInt(roomForSums)) > 0 {
		return p.tooFine(s, lcm)
	}
	p.reserve[q] = r.Int64()
	return nil
}

func lcmInto(l, d *big.Int) {
	if new(big.Int).Rem(l, d).Sign() == 0 {
		return
	}
	g := new(big.Int).GCD(nil, nil, l, d)
	l.Mul(l, new(big.Int).Quo(d, g))
}

func (p *Problem) tooFine(s *Scoring, lcm *big.Int) error {
	return &Refusal{Fault: TooFine, Party: s.Party, Why: fmt.Sprintf(
		"scoring of %q: its numbers are too fine or too large to add up exactly in 62 bits (common denominator of %d digits); round them first, for instance to 9 decimals",
		s.Party, len(lcm.String()))}
}

// worths gives weight times value for every option.
func (p *Problem) worths(s *Scoring) ([][]*big.Rat, error) {
	for id, w := range s.Weights {
		if _, ok := p.issue(id); !ok {
			return nil, badScoring(s.Party, id, "", "it weighs an issue %q that is not in the template", id)
		}
		if w.Sign() < 0 {
			return nil, badScoring(s.Party, id, "", "the weight of issue %q is %s; a weight cannot be negative", id, w)
		}
	}
	for id, vs := range s.Values {
		i, ok := p.issue(id)
		if !ok {
			return nil, badScoring(s.Party, id, "", "it values an issue %q that is not in the template", id)
		}
		if len(vs) > len(i.Options) {
			for o := range vs {
				if _, _, err := p.t.Find(Pick{id, o}); err != nil {
					return nil, badScoring(s.Party, id, o, "it values an option %q of issue %q that is not in the template", o, id)
				}
			}
		}
	}
	all := make([][]*big.Rat, len(p.t.Issues))
	for i := range p.t.Issues {
		is := &p.t.Issues[i]
		w, ok := s.Weights[is.ID]
		if !ok && len(s.Weights) > 0 {
			return nil, badScoring(s.Party, is.ID, "", "issue %q has no weight; give it one, 0 if it does not matter", is.ID)
		}
		if !ok {
			w = Whole(1)
		}
		all[i] = make([]*big.Rat, len(is.Options))
		for o := range is.Options {
			v, ok := s.Values[is.ID][is.Options[o].ID]
			if !ok {
				return nil, badScoring(s.Party, is.ID, is.Options[o].ID, "option %q of issue %q has no value; give it one", is.Options[o].ID, is.ID)
			}
			all[i][o] = w.Mul(v).rat()
		}
	}
	return all, nil
}

func (p *Problem) issue(id string) (*Issue, bool) {
	for i := range p.t.Issues {
		if p.t.Issues[i].ID == id {
			return &p.t.Issues[i], true
		}
	}
	return nil, false
}

func (p *Problem) terms(s *Scoring) ([]pair, error) {
	var all []pair
	for _, x := range s.Pairs {
		i, a, err := p.t.Find(x.A)
		if err != nil {
			return nil, badScoring(s.Party, x.A.Issue, x.A.Option, "pair term: %v", err)
		}
		j, b, err := p.t.Find(x.B)
		if err != nil {
			return nil, badScoring(s.Party, x.B.Issue, x.B.Option, "pair term: %v", err)
		}
		if i == j {
			return nil, badScoring(s.Party, x.A.Issue, x.A.Option, "a pair term joins two options of the same issue %q, which no deal can hold together", x.A.Issue)
		}
		all = append(all, pair{i: i, a: a, j: j, b: b})
	}
	return all, nil
}

func (p *Problem) scoreOpaque(q int, s *Scoring) error {
	if len(s.Weights)+len(s.Values)+len(s.Pairs) > 0 {
		return badScoring(s.Party, "", "", "it has both an opaque worth and weights or values; keep one")
	}
	if s.Opaque.Score == nil || s.Opaque.Denominator < 1 {
		return badScoring(s.Party, "", "", "its opaque worth has no function or no denominator")
	}
	if p.Deals().Cmp(big.NewInt(MaxOpaqueDeals)) > 0 {
		return &Refusal{Fault: TooLarge, Party: s.Party, Why: fmt.Sprintf(
			"scoring of %q: an opaque worth must be asked about every deal, and there are %v of them, more than %d; give it as weights, values and pair terms",
			s.Party, p.Deals(), MaxOpaqueDeals)}
	}
	d := big.NewInt(s.Opaque.Denominator)
	p.opaque[q] = s.Opaque
	if s.Reservation == nil {
		p.denom[q], p.worst = s.Opaque.Denominator, true
		p.reserve[q] = unknownReserve
		return nil
	}
	v := new(big.Int).Mul(s.Reservation.rat().Num(), d)
	r, rest := v.QuoRem(v, s.Reservation.rat().Denom(), new(big.Int))
	if rest.Sign() != 0 {
		return badScoring(s.Party, "", "", "its reservation value %s is not a multiple of 1/%d, the unit of its opaque worth", *s.Reservation, s.Opaque.Denominator)
	}
	if r.CmpAbs(big.NewInt(roomForSums)) > 0 {
		return p.tooFine(s, d)
	}
	p.denom[q], p.reserve[q] = s.Opaque.Denominator, r.Int64()
	return nil
}

// unknownReserve marks the reserve of an opaque scoring without reservation
// value; it is replaced by the worst score seen.
const unknownReserve = -1 << 62

// Template returns the template the problem was made from.
func (p *Problem) Template() *Template { return &p.t }

// Denominator is the unit of a party's utilities: u means u/Denominator.
func (p *Problem) Denominator(party int) int64 { return p.denom[party] }

// Utility turns units of a party into the number on its own scale.
func (p *Problem) Utility(party int, units int64) Number { return Ratio(units, p.denom[party]) }

// Reserve is the party's disagreement point in units, and whether it was
// given as a reservation value rather than taken as the worst conceivable.
func (p *Problem) Reserve(party int) (units int64, given bool) {
	return p.reserve[party], p.scorings[party].Reservation != nil
}

// Deals is the number of deals in the template, before its rules.
func (p *Problem) Deals() *big.Int {
	d := big.NewInt(1)
	for _, i := range p.t.Issues {
		d.Mul(d, big.NewInt(int64(len(i.Options))))
	}
	return d
}

// Score gives what a deal is worth to each party in units. It refuses a deal
// that does not fit the template or breaks a rule.
func (p *Problem) Score(d Deal) (Point, error) {
	if err := p.t.check(d); err != nil {
		return Point{}, &Refusal{Fault: BadTemplate, Why: err.Error()}
	}
	if r := p.broken(d); r >= 0 {
		return Point{}, badTemplate("", "", "the deal breaks rule %q", p.t.Rules[r].ID)
	}
	return Point{Utilities: p.score1(d), Deal: d}, nil
}

func (p *Problem) score1(d Deal) []int64 {
	u := make([]int64, p.n)
	for i, o := range d {
		for q, v := range p.values[i][int(o)*p.n : (int(o)+1)*p.n] {
			u[q] += v
		}
	}
	for _, x := range p.pairs {
		if int(d[x.i]) == x.a && int(d[x.j]) == x.b {
			for q, v := range x.v {
				u[q] += v
			}
		}
	}
	for q, o := range p.opaque {
		if o != nil {
			u[q] = o.Score(d)
		}
	}
	return u
}

// broken gives the first rule the deal breaks, or -1.
func (p *Problem) broken(d Deal) int {
	for r, c := range p.clauses {
		if !holds(c, d) {
			return r
		}
	}
	return -1
}

func holds(c []literal, d Deal) bool {
	for _, l := range c {
		if (int(d[l.issue]) == l.option) != l.not {
			return true
		}
	}
	return false
}

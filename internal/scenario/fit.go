package scenario

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"parley/internal/bargain"
)

// The engine holds a party's worths as whole numbers over one denominator in 62 bits. Files of other tools often carry
// weights with seventeen digits, which floating point left there and nobody meant; over evaluations divided by 7, 9 and
// 11 their exact sums do not fit. Then the weights are rounded, to as many decimals as fit, and a warning says so. Weights
// are rounded rather than products, because equal weights stay equal and so packages that tie in the file still tie.

const (
	fitBits     = 58 // |worth| in units; the engine has room for 60
	mostDigits  = 15
	leastDigits = 9
)

// Compile brings the scenario into the engine. Every party needs a scoring. Where a format caps worths, a party whose
// packages can pass the cap is scored as opaque, which the engine enumerates; where there are too many packages for that,
// it is scored without the cap and a warning says so. The error is the engine's *bargain.Refusal.
func (s *Scenario) Compile() (*bargain.Problem, []Warning, error) {
	n := &notes{}
	scorings := make([]bargain.Scoring, len(s.Scorings))
	for i, sc := range s.Scorings {
		scorings[i] = s.fitted(sc, n)
	}
	p, err := bargain.Compile(s.Template, scorings)
	return p, n.all(), err
}

// fitted returns a scoring that the engine can hold.
func (s *Scenario) fitted(sc bargain.Scoring, n *notes) bargain.Scoring {
	if sc.Opaque != nil {
		most := big.NewInt(1 << fitBits)
		if r := s.Rectangles[sc.Party]; r != nil {
			v := new(big.Rat).Quo(r.root.largest(), r.Max.Rat())
			v.Mul(v, new(big.Rat).SetInt64(sc.Opaque.Denominator))
			most.Quo(v.Num(), v.Denom())
		}
		return onGrid(sc, most, n)
	}
	if !s.fits(&sc) {
		sc = s.rounded(sc, n)
	}
	c, capped := s.Caps[sc.Party]
	if !capped {
		return sc
	}
	if _, hi, ok := s.ranges(&sc); ok && hi.Cmp(c) <= 0 {
		return sc
	}
	if s.Size().Cmp(big.NewInt(bargain.MaxOpaqueDeals)) > 0 {
		n.add(Place{}, "party %q counts every package above %s alike; there are too many packages to examine each, so this is left aside", sc.Party, c)
		return sc
	}
	o, most, ok := s.enumerated(&sc, c)
	if !ok {
		n.add(Place{}, "party %q counts every package above %s alike; its numbers are too fine for that, so this is left aside", sc.Party, c)
		return sc
	}
	return onGrid(bargain.Scoring{Party: sc.Party, Reservation: sc.Reservation, Discount: sc.Discount, Opaque: o}, big.NewInt(most), n)
}

// onGrid refines an opaque worth's unit until the reservation value is a multiple of it. Where that would take too many
// bits, counted from the most units a package can have, the reservation value moves up to the next multiple, which
// accepts the same packages.
func onGrid(sc bargain.Scoring, most *big.Int, n *notes) bargain.Scoring {
	if sc.Reservation == nil {
		return sc
	}
	unit := big.NewInt(sc.Opaque.Denominator)
	fine := new(big.Int).Set(unit)
	lcm(fine, sc.Reservation.Rat().Denom())
	if fine.Cmp(unit) == 0 {
		return sc
	}
	k := new(big.Int).Quo(fine, unit)
	if fine.BitLen() > fitBits || most.BitLen()+k.BitLen() > fitBits+1 {
		r := new(big.Rat).Mul(sc.Reservation.Rat(), new(big.Rat).SetInt(unit))
		up := new(big.Int).Add(new(big.Int).Div(r.Num(), r.Denom()), big.NewInt(1)) // Div rounds down, and r is not whole
		v := bargain.FromRat(new(big.Rat).SetFrac(up, unit))
		n.add(Place{}, "the reservation value of party %q lies between two worths a package can have; it is moved up to %s, which accepts the same packages", sc.Party, brief(v))
		sc.Reservation = &v
		return sc
	}
	times, score := k.Int64(), sc.Opaque.Score
	sc.Opaque = &bargain.Opaque{Denominator: fine.Int64(), Score: func(d bargain.Deal) int64 { return times * score(d) }}
	return sc
}

// fits says whether all contributions, the reservation value and their sums are whole numbers of fitBits bits over one
// denominator.
func (s *Scenario) fits(sc *bargain.Scoring) bool {
	d := big.NewInt(1)
	sum := new(big.Rat)
	limit := new(big.Int).Lsh(big.NewInt(1), fitBits)
	take := func(v *big.Rat) bool {
		lcm(d, v.Denom())
		return d.BitLen() <= fitBits
	}
	for _, is := range s.Template.Issues {
		w := weightOf(sc, is.ID)
		most := new(big.Rat)
		for _, o := range is.Options {
			v := w.Mul(sc.Values[is.ID][o.ID]).Rat()
			if !take(v) {
				return false
			}
			if v.Abs(v).Cmp(most) > 0 {
				most = v
			}
		}
		sum.Add(sum, most)
	}
	for _, p := range sc.Pairs {
		v := p.Value.Rat()
		if !take(v) {
			return false
		}
		sum.Add(sum, v.Abs(v))
	}
	if sc.Reservation != nil {
		v := sc.Reservation.Rat()
		if !take(v) {
			return false
		}
		sum.Add(sum, v.Abs(v))
	}
	sum.Mul(sum, new(big.Rat).SetInt(d))
	return new(big.Int).Quo(sum.Num(), sum.Denom()).Cmp(limit) < 0
}

// rounded rounds weights and reservation value, then, where that is not enough, what each option brings.
func (s *Scenario) rounded(sc bargain.Scoring, n *notes) bargain.Scoring {
	for digits := mostDigits; digits >= leastDigits; digits-- {
		r := sc
		r.Weights = map[string]bargain.Number{}
		for _, is := range s.Template.Issues {
			r.Weights[is.ID] = round(weightOf(&sc, is.ID), digits)
		}
		if sc.Reservation != nil {
			v := round(*sc.Reservation, digits)
			r.Reservation = &v
		}
		if s.fits(&r) {
			n.add(Place{}, "the weights of party %q have more digits than can be added exactly; they are rounded to %d decimals, which moves no package by more than %s", sc.Party, digits, within(len(s.Template.Issues)+1, digits))
			return r
		}
	}
	for digits := mostDigits; digits >= leastDigits; digits-- {
		r := bargain.Scoring{Party: sc.Party, Discount: sc.Discount, Values: map[string]map[string]bargain.Number{}}
		for _, is := range s.Template.Issues {
			vs := map[string]bargain.Number{}
			for _, o := range is.Options {
				vs[o.ID] = round(weightOf(&sc, is.ID).Mul(sc.Values[is.ID][o.ID]), digits)
			}
			r.Values[is.ID] = vs
		}
		for _, p := range sc.Pairs {
			p.Value = round(p.Value, digits)
			r.Pairs = append(r.Pairs, p)
		}
		if sc.Reservation != nil {
			v := round(*sc.Reservation, digits)
			r.Reservation = &v
		}
		if s.fits(&r) {
			n.add(Place{}, "the numbers of party %q have more digits than can be added exactly; what each option brings is rounded to %d decimals, which moves no package by more than %s; packages that tie in the file may differ by as much here", sc.Party, digits, within(len(s.Template.Issues)+1, digits))
			return r
		}
	}
	return sc // too large rather than too fine: the engine refuses it in its own words
}

// within writes n times half a unit of the last decimal.
func within(n, digits int) string {
	return fmt.Sprintf("%.0e", float64(n)*0.5*float64(pow10inv(digits)))
}

func pow10inv(digits int) float64 {
	v := 1.0
	for range digits {
		v /= 10
	}
	return v
}

// round rounds to a number of decimals, halves away from zero.
func round(v bargain.Number, digits int) bargain.Number {
	return bargain.MustNumber(v.Rat().FloatString(digits))
}

// enumerated scores a deal by adding table entries, capped; most bounds what the entries can add up to, either way.
func (s *Scenario) enumerated(sc *bargain.Scoring, limit bargain.Number) (o *bargain.Opaque, most int64, ok bool) {
	d := new(big.Int).Set(limit.Rat().Denom())
	tables := make([][]*big.Rat, len(s.Template.Issues))
	for i, is := range s.Template.Issues {
		for _, o := range is.Options {
			v := weightOf(sc, is.ID).Mul(sc.Values[is.ID][o.ID]).Rat()
			lcm(d, v.Denom())
			tables[i] = append(tables[i], v)
		}
	}
	if len(sc.Pairs) > 0 || d.BitLen() > fitBits {
		return nil, 0, false
	}
	scale := new(big.Rat).SetInt(d)
	units := make([][]int64, len(tables))
	room := int64(1) << (fitBits + 1) // what all issues together may reach
	for i, t := range tables {
		var widest int64
		for _, v := range t {
			u := new(big.Rat).Mul(v, scale).Num()
			if u.BitLen() > fitBits {
				return nil, 0, false
			}
			units[i] = append(units[i], u.Int64())
			widest = max(widest, u.Int64(), -u.Int64())
		}
		if room -= widest; room < 0 {
			return nil, 0, false
		}
	}
	ceiling := new(big.Rat).Mul(limit.Rat(), scale).Num()
	if ceiling.BitLen() > fitBits {
		return nil, 0, false
	}
	top := ceiling.Int64()
	return &bargain.Opaque{Denominator: d.Int64(), Score: func(deal bargain.Deal) int64 {
		var sum int64
		for i, o := range deal {
			sum += units[i][o]
		}
		return min(sum, top)
	}}, 1<<(fitBits+1) - room, true
}

// Condense merges options that no party can tell apart, whatever else is chosen: equal worths in every additive scoring,
// the same constraints touched in every nonlinear one. Merged options stand under the first one's id, labelled with all;
// every package of the result stands for the product of the numbers merged. It returns the scenario and, for each issue
// and option of it, the options of the original it stands for. Rules and pairs keep the options they name apart.
//
// The nonlinear domains of ANAC 2014 shrink from 10^10 packages to some 10^7, which can be enumerated.
func (s *Scenario) Condense() (*Scenario, [][][]int) {
	out := &Scenario{Format: s.Format, Caps: s.Caps, Template: s.Template}
	out.Template.Issues = slices.Clone(s.Template.Issues)
	groups := s.alike()
	for i, is := range s.Template.Issues {
		out.Template.Issues[i].Options = nil
		for _, g := range groups[i] {
			o := is.Options[g[0]]
			var labels []string
			for _, k := range g {
				labels = append(labels, is.Options[k].Label)
			}
			o.Label = strings.Join(labels, ", ")
			out.Template.Issues[i].Options = append(out.Template.Issues[i].Options, o)
		}
	}
	for _, sc := range s.Scorings {
		if r := s.Rectangles[sc.Party]; r != nil {
			c := *r
			c.values = make([][]int64, len(r.values))
			for i := range r.values {
				for _, g := range groups[i] {
					c.values[i] = append(c.values[i], r.values[i][g[0]])
				}
			}
			if out.Rectangles == nil {
				out.Rectangles = map[string]*Rectangles{}
			}
			out.Rectangles[sc.Party] = &c
			sc.Opaque, _ = c.opaque() // the original was brought to whole numbers, so this is too
		} else {
			values := map[string]map[string]bargain.Number{}
			for _, is := range out.Template.Issues {
				values[is.ID] = map[string]bargain.Number{}
				for _, o := range is.Options {
					values[is.ID][o.ID] = sc.Values[is.ID][o.ID]
				}
			}
			sc.Values = values
		}
		out.Scorings = append(out.Scorings, sc)
	}
	return out, groups
}

// alike groups the options of every issue that no party can tell apart. What rules and pairs name stands alone.
func (s *Scenario) alike() [][][]int {
	named := map[bargain.Pick]bool{}
	for _, r := range s.Template.Rules {
		for _, l := range r.Any {
			named[l.Pick] = true
		}
	}
	for _, sc := range s.Scorings {
		for _, p := range sc.Pairs {
			named[p.A], named[p.B] = true, true
		}
	}
	groups := make([][][]int, len(s.Template.Issues))
	for i, is := range s.Template.Issues {
		index := map[string]int{}
		for k, o := range is.Options {
			key := s.touch(i, k)
			if named[bargain.Pick{Issue: is.ID, Option: o.ID}] {
				key = fmt.Sprint("alone ", k)
			}
			g, ok := index[key]
			if !ok {
				g = len(groups[i])
				index[key] = g
				groups[i] = append(groups[i], nil)
			}
			groups[i][g] = append(groups[i][g], k)
		}
	}
	return groups
}

// touch tells options apart: what each brings in additive scorings, which bounds it meets in the others.
func (s *Scenario) touch(issue, option int) string {
	var b strings.Builder
	is := s.Template.Issues[issue]
	for _, sc := range s.Scorings {
		if r := s.Rectangles[sc.Party]; r != nil {
			r.root.touch(&b, issue, r.values[issue][option])
		} else {
			b.WriteString(sc.Values[is.ID][is.Options[option].ID].Rat().RatString())
		}
		b.WriteByte(';')
	}
	return b.String()
}

func (u *ufun) touch(b *strings.Builder, issue int, v int64) {
	for _, c := range u.rects {
		for _, bd := range c.bounds {
			if bd.issue == issue {
				if v >= bd.min && v <= bd.max {
					b.WriteByte('1')
				} else {
					b.WriteByte('0')
				}
			}
		}
	}
	for i := range u.inner {
		u.inner[i].touch(b, issue, v)
	}
}

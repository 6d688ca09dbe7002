package bargain

import (
	"fmt"
	"math/big"
)

// Rounded gives the scoring with every product of weight and value, every
// pair term and the reservation value rounded to so many decimals (half away
// from zero), and the most by which that can change the worth of any deal. It
// is for scorings Compile refuses as too fine. The weights of the result are
// empty: the values carry them.
func (s Scoring) Rounded(decimals int) (Scoring, Number, error) {
	if decimals < 0 || decimals > 15 {
		return Scoring{}, Number{}, badScoring(s.Party, "", "", "it can be rounded to 0 to 15 decimals, not %d", decimals)
	}
	if s.Opaque != nil {
		return Scoring{}, Number{}, badScoring(s.Party, "", "", "it is opaque and cannot be rounded")
	}
	round := func(n Number) Number { return MustNumber(n.rat().FloatString(decimals)) }
	worst := new(big.Rat)
	out := s
	out.Weights, out.Values, out.Pairs = nil, make(map[string]map[string]Number, len(s.Values)), nil
	for id, vs := range s.Values {
		w, ok := s.Weights[id]
		if !ok {
			if len(s.Weights) > 0 {
				return Scoring{}, Number{}, badScoring(s.Party, id, "", "issue %q has no weight; give it one, 0 if it does not matter", id)
			}
			w = Whole(1)
		}
		out.Values[id] = make(map[string]Number, len(vs))
		most := new(big.Rat)
		for o, v := range vs {
			exact := w.Mul(v)
			if len(exact.rat().FloatString(decimals)) > maxNumberBytes {
				return Scoring{}, Number{}, badScoring(s.Party, id, o, "option %q of issue %q is worth more digits than can be read", o, id)
			}
			out.Values[id][o] = round(exact)
			if off := new(big.Rat).Abs(exact.Sub(out.Values[id][o]).rat()); off.Cmp(most) > 0 {
				most = off
			}
		}
		worst.Add(worst, most)
	}
	for _, x := range s.Pairs {
		r := PairTerm{x.A, x.B, round(x.Value)}
		worst.Add(worst, new(big.Rat).Abs(x.Value.Sub(r.Value).rat()))
		out.Pairs = append(out.Pairs, r)
	}
	if s.Reservation != nil {
		r := round(*s.Reservation)
		out.Reservation = &r
	}
	return out, FromRat(worst), nil
}

// String says in English how far an answer can be trusted.
func (g Guarantee) String() string {
	switch {
	case g.Kind == Exact && g.Proof != nil:
		return "exact, with certificate"
	case g.Kind == Exact:
		return "exact"
	case g.Kind == Within && g.Limit != NoLimit:
		return fmt.Sprintf("within %.3g %% of the best possible; stopped by %s", 100*g.Eps, g.Limit)
	case g.Kind == Within:
		return fmt.Sprintf("within %.3g %%", 100*g.Eps)
	}
	return fmt.Sprintf("unproved; stopped by %s", g.Limit)
}

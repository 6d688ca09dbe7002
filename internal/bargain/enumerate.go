package bargain

import "context"

// Enumerate visits every deal the rules allow, in the template's order with
// the last issue running fastest, until visit says no. Deal and utilities are
// reused between visits; copy what is to be kept. It is the oracle the other
// methods are tested against, so it is written to be obviously right.
func (p *Problem) Enumerate(ctx context.Context, visit func(Deal, []int64) bool) error {
	d := make(Deal, len(p.t.Issues))
	for steps := 0; ; steps++ {
		if steps&4095 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if p.broken(d) < 0 && !visit(d, p.score1(d)) {
			return nil
		}
		i := len(d) - 1
		for ; i >= 0; i-- {
			if d[i]++; int(d[i]) < len(p.t.Issues[i].Options) {
				break
			}
			d[i] = 0
		}
		if i < 0 {
			return nil
		}
	}
}

package bargain

import (
	"math"

	"parley/internal/certificate"
)

// field is a space prepared for prices: each group's values start at 0, and
// stand beside it as shares of the party's range in floating point. Floats
// only steer the search for good prices; what the prices prove is worked out
// again in integers.
type field struct {
	s      *space
	n      int
	offset []int64     // gain = offset + sum of values
	vals   [][]int64   // per group, choices × parties, least 0
	share  [][]float64 // vals / span
	span   []float64
}

func newField(s *space) *field {
	f := &field{s: s, n: s.n, offset: make([]int64, s.n), span: make([]float64, s.n)}
	for q := range s.n {
		f.offset[q] = -s.reserve[q]
		f.span[q] = float64(s.span(q))
	}
	size := 0
	for i := range s.groups {
		size += len(s.groups[i].vec.v)
	}
	ints, floats := make([]int64, size), make([]float64, size)
	for i := range s.groups {
		vec := s.groups[i].vec
		v, w := ints[:len(vec.v):len(vec.v)], floats[:len(vec.v):len(vec.v)]
		ints, floats = ints[len(vec.v):], floats[len(vec.v):]
		for q := range s.n {
			lo := vec.v[q]
			for c := q; c < len(v); c += s.n {
				lo = min(lo, vec.v[c])
			}
			f.offset[q] += lo
			for c := q; c < len(v); c += s.n {
				v[c] = vec.v[c] - lo
				w[c] = float64(v[c]) / f.span[q]
			}
		}
		f.vals, f.share = append(f.vals, v), append(f.share, w)
	}
	return f
}

// pricing looks for prices λ that bound an objective tightly: it minimises
//
//	Σ_groups μ·log Σ_choices exp(λ·v/μ) + λ·d - Σ_p β_p·log x_p,  λ = w + x
//
// by Newton steps while μ falls, so that the smooth maximum comes close to
// the maximum. For a product β is the weights and the minimum is the Nash
// bound's; for the least share the x lie on Σ x·s = 1; for a sum x prices the
// floors. All in shares of the parties' ranges.
type pricing struct {
	f    *field
	n    int
	aim  certificate.Aim
	w    [MaxParties]float64
	d    [MaxParties]float64
	a    [MaxParties]float64 // weights of a product
	s    [MaxParties]float64 // scale of the least share
	free [MaxParties]bool    // parties whose price stays w: no floor

	x, best [MaxParties]float64
	bound   float64 // the tightest bound met, at best

	grad [MaxParties]float64
	hess [MaxParties][MaxParties]float64
	dots []float64
}

// prices runs the method and leaves the tightest λ in best.
func (k *pricing) prices(start float64) {
	k.bound = math.Inf(1)
	most := 0
	for _, v := range k.f.share {
		most = max(most, len(v)/k.n)
	}
	k.dots = make([]float64, most)
	groups := float64(max(1, len(k.f.share)))
	end := 1e-8
	if k.aim == certificate.Product {
		end = 1e-6 // its bound is smooth; closer gains nothing
	}
	for mu := start / groups; mu > end/groups; mu *= 0.15 {
		now := k.eval(mu)
		for range 6 {
			step, ok := k.newton(mu)
			if !ok {
				break
			}
			old, t := k.x, k.room(step)
			g, descent := k.grad, 0.0
			for p := range k.n {
				descent += g[p] * step[p]
			}
			next := now
			for range 6 {
				for p := range k.n {
					k.x[p] = old[p] + t*step[p]
				}
				if next = k.eval(mu); next <= now+0.1*t*descent+1e-15 {
					break
				}
				t *= 0.3
			}
			done := now-next < 1e-3*mu*groups*0.1
			now = next
			if done {
				break
			}
		}
	}
}

// room is the longest step up to 1 that keeps every price positive.
func (k *pricing) room(step [MaxParties]float64) float64 {
	t := 1.0
	for p := range k.n {
		if step[p] < 0 {
			t = min(t, -0.9*k.x[p]/step[p])
		}
	}
	return t
}

// beta is the strength of the barrier that keeps x positive.
func (k *pricing) beta(p int, mu float64) float64 {
	if k.a[p] > 0 {
		return k.a[p]
	}
	return mu
}

// eval computes the smoothed objective with gradient and curvature, and
// notes the true bound these prices give.
func (k *pricing) eval(mu float64) float64 {
	n := k.n
	var lambda [MaxParties]float64
	k.grad, k.hess = [MaxParties]float64{}, [MaxParties][MaxParties]float64{}
	value, dear := 0.0, 0.0
	for p := range n {
		lambda[p] = k.w[p] + k.x[p]
		dear += lambda[p] * k.d[p]
		k.grad[p] = k.d[p]
	}
	value = dear
	for _, v := range k.f.share {
		top, soft := k.group(v, lambda[:n], mu)
		dear += top
		value += soft
	}
	for p := range n {
		if k.free[p] {
			continue
		}
		b := k.beta(p, mu)
		value -= b * math.Log(k.x[p])
		k.grad[p] -= b / k.x[p]
		k.hess[p][p] += b / (k.x[p] * k.x[p])
	}
	k.note(dear, lambda)
	return value
}

// group adds one group's smooth maximum. Choices far below the best weigh
// nothing and are passed over.
func (k *pricing) group(v, lambda []float64, mu float64) (top, soft float64) {
	n := len(lambda)
	dots, at := k.dots[:len(v)/n], 0
	top = math.Inf(-1)
	for c := range dots {
		row := v[c*n : c*n+n]
		d := 0.0
		for p, l := range lambda {
			d += l * row[p]
		}
		dots[c] = d
		if d > top {
			top, at = d, c
		}
	}
	cut := top - 30*mu
	total, near := 0.0, 0
	var mean [MaxParties]float64
	for _, d := range dots {
		if d > cut {
			near++
		}
	}
	if near == 1 {
		for p, x := range v[at*n : at*n+n] {
			k.grad[p] += x
		}
		return top, top
	}
	for c, d := range dots {
		if d <= cut {
			dots[c] = 0
			continue
		}
		e := math.Exp((d - top) / mu)
		dots[c] = e
		total += e
		for p, x := range v[c*n : c*n+n] {
			mean[p] += e * x
		}
	}
	for p := range n {
		mean[p] /= total
		k.grad[p] += mean[p]
	}
	for c, e := range dots {
		if e == 0 {
			continue
		}
		e /= total * mu
		row := v[c*n : c*n+n]
		for p := range n {
			dp := e * (row[p] - mean[p])
			for q := 0; q <= p; q++ {
				k.hess[p][q] += dp * (row[q] - mean[q])
			}
		}
	}
	return top, top + mu*math.Log(total)
}

// note keeps the prices if they bound the objective better than any before.
func (k *pricing) note(dear float64, lambda [MaxParties]float64) {
	b := dear
	switch k.aim {
	case certificate.Product:
		all, logs := 0.0, 0.0
		for p := range k.n {
			if k.a[p] > 0 {
				all += k.a[p]
				logs += k.a[p] * math.Log(k.a[p]/lambda[p])
			}
		}
		if dear <= 0 {
			b = math.Inf(-1)
		} else {
			b = all*math.Log(dear/all) + logs
		}
	case certificate.Least:
		s := 0.0
		for p := range k.n {
			s += lambda[p] * k.s[p]
		}
		b = dear / s
	}
	if b < k.bound {
		k.bound, k.best = b, lambda
	}
}

// newton solves for the step; with the least share it stays on Σ x·s fixed.
func (k *pricing) newton(mu float64) ([MaxParties]float64, bool) {
	var l [MaxParties][MaxParties]float64
	n := k.n
	for p := range n {
		for q := 0; q <= p; q++ {
			v := k.hess[p][q]
			if p == q {
				v += 1e-12*v + 1e-12
				if k.free[p] {
					v += 1e12
				}
			}
			for r := range q {
				v -= l[p][r] * l[q][r]
			}
			if p == q {
				if v <= 0 {
					return l[0], false
				}
				l[p][p] = math.Sqrt(v)
			} else {
				l[p][q] = v / l[q][q]
			}
		}
	}
	var minus [MaxParties]float64
	for p := range n {
		minus[p] = -k.grad[p]
		if k.free[p] {
			minus[p] = 0
		}
	}
	step := solveWith(&l, minus, n)
	if k.aim == certificate.Least {
		z := solveWith(&l, k.s, n)
		over, by := 0.0, 0.0
		for p := range n {
			over += k.s[p] * step[p]
			by += k.s[p] * z[p]
		}
		for p := range n {
			step[p] -= over / by * z[p]
		}
	}
	return step, true
}

// solveWith solves L·Lᵀ·x = b.
func solveWith(l *[MaxParties][MaxParties]float64, b [MaxParties]float64, n int) [MaxParties]float64 {
	for p := range n {
		for q := range p {
			b[p] -= l[p][q] * b[q]
		}
		b[p] /= l[p][p]
	}
	for p := n - 1; p >= 0; p-- {
		for q := p + 1; q < n; q++ {
			b[p] -= l[q][p] * b[q]
		}
		b[p] /= l[p][p]
	}
	return b
}

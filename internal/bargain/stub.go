package bargain

import "context"

func (p *Problem) stream(ctx context.Context, o Options) (group, []int64, error) {
	panic("x")
}
func (p *Problem) eliminate(ctx context.Context, issues []int, o Options) (group, error) {
	panic("x")
}

package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"parley/internal/api"
	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/sqlite"
)

// The terminal's manners. What was asked for goes to standard output, and
// nothing else does. What went wrong is one sentence on standard error that
// says what to do, and an exit code from the one table in package ruling. No
// question is ever asked, so that a script can do whatever a person can; no
// colour is used, for paper has none. Progress shows on a terminal only. A
// link or a token is printed where it is made and never again.

// A terminal is where the operator types.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string
	now      func() time.Time
	rand     io.Reader
	book     *phrasebook.Book
	json     bool
}

func newTerminal() *terminal {
	return &terminal{in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv, now: time.Now, rand: rand.Reader, book: phrasebook.MustOpen()}
}

// run runs a command line and returns the exit code. An interrupt ends what is
// under way in good order.
func (t *terminal) run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := t.root()
	root.SetArgs(args)
	root.SetIn(t.in)
	root.SetOut(t.out)
	root.SetErr(t.err)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, stoppedEarly{}):
		if !t.json {
			t.remark("cli.analysis-interrupted")
		}
		return exitInterrupted
	}
	return t.complain(err)
}

// say prints a phrase on standard output.
func (t *terminal) say(key string, args ...any) { fmt.Fprintln(t.out, t.line(key, args...)) }

// remark prints a phrase on standard error: what a script need not read.
func (t *terminal) remark(key string, args ...any) { fmt.Fprintln(t.err, t.line(key, args...)) }

func (t *terminal) line(key string, args ...any) string {
	return t.book.Line(phrasebook.Reader{}, key, args...)
}

// show prints a value as a line of JSON.
func (t *terminal) show(v any) error { return json.NewEncoder(t.out).Encode(v) }

// A misuse is a command line that is not one.
type misuse struct {
	err     error
	command string
}

func (m misuse) Error() string { return m.err.Error() }

func (t *terminal) misused(c *cobra.Command, err error) error { return misuse{err, c.CommandPath()} }

// noArgs, args and oneOf are the argument checks of commands.
func (t *terminal) noArgs(c *cobra.Command, args []string) error { return t.args(0, 0)(c, args) }

func (t *terminal) args(least, most int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return t.misused(c, errors.New(t.line("cli.too-few-arguments", "Use", c.UseLine())))
		case most >= 0 && len(args) > most:
			return t.misused(c, errors.New(t.line("cli.too-many-arguments", "Given", args[most], "Use", c.UseLine())))
		}
		return nil
	}
}

// no is a refusal of the command line's own; its phrase stands under "cli.".
func no(kind ruling.Kind, key string, args ...any) error {
	return &ruling.Refusal{Kind: kind, Key: key, Args: phrasebook.Say("", args...).Args}
}

// complain says what went wrong and returns the exit code.
func (t *terminal) complain(err error) int {
	p := t.problem(err)
	if t.json {
		_ = json.NewEncoder(t.err).Encode(p)
	} else if p.Rule > 0 {
		fmt.Fprintf(t.err, "parley: %s: rule %d: %s\n", p.Kind, p.Rule, p.Detail)
	} else {
		fmt.Fprintf(t.err, "parley: %s\n", p.Detail)
	}
	return exitOf(p)
}

func exitOf(p api.Problem) int {
	for _, k := range ruling.Kinds() {
		if k.String() == p.Kind {
			return k.Exit()
		}
	}
	return ruling.Fault.Exit()
}

// problem turns any error into the form in which all are told.
func (t *terminal) problem(err error) api.Problem {
	var there *refusedThere
	var used *sqlite.InUseError
	var misused misuse
	var refusal *ruling.Refusal
	switch {
	case errors.As(err, &there):
		return there.Problem
	case errors.As(err, &used):
		err = inUse(used.Holder)
	case errors.As(err, &misused):
		p := api.ProblemOf(t.book, phrasebook.Reader{}, "", no(ruling.Invalid, "cli.misused"))
		p.Detail = misused.Error() + "\n" + t.line("cli.see-help", "Command", misused.command)
		return p
	case errors.Is(err, context.Canceled):
		err = no(ruling.Fault, "cli.interrupted")
	case !errors.As(err, &refusal):
		// Errors of stores and files are written for the operator, who is here.
		p := api.ProblemOf(t.book, phrasebook.Reader{}, "", err)
		p.Detail = err.Error()
		return p
	}
	return api.ProblemOf(t.book, phrasebook.Reader{}, "", err)
}

func inUse(h sqlite.Holder) error {
	if h.Process == 0 {
		return no(ruling.OutOfOrder, "cli.in-use-by-another")
	}
	return no(ruling.OutOfOrder, "cli.in-use", "Command", h.Command, "Process", h.Process, "Host", h.Host,
		"Since", phrasebook.Time{At: h.Since, Zone: "UTC"})
}

// progress is told how far long work has come, in bytes or entries. It draws a
// bar on a terminal and is silent anywhere else.
func (t *terminal) progress(what string, bytes bool) (told func(done, total int64), end func()) {
	f, ok := t.err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return func(int64, int64) {}, func() {}
	}
	bar := progressbar.NewOptions64(-1, progressbar.OptionSetWriter(f), progressbar.OptionSetDescription(what),
		progressbar.OptionShowBytes(bytes), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	return func(done, total int64) {
		bar.ChangeMax64(total)
		_ = bar.Set64(done)
	}, func() { _ = bar.Finish() }
}

// log is where a running house tells its operator what it must know. Tokens
// do not print; see access.Token.
func (t *terminal) log() *slog.Logger { return slog.New(slog.NewTextHandler(t.err, nil)) }

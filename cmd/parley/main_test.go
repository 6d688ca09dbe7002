package main

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite"
)

// In the environment, this shifts the clock of the parley that a play runs,
// as a duration: only so can a machine's clock be seen running backwards.
const shiftedBy = "PARLEY_TEST_CLOCK"

// tidy takes away what was built when the tests are over.
type tidy struct{ *testing.M }

func (m tidy) Run() int {
	defer func() {
		if built.dir != os.Getenv(builtDir) {
			os.RemoveAll(built.dir)
		}
	}()
	return m.M.Run()
}

func TestMain(m *testing.M) {
	testscript.Main(tidy{m}, map[string]func(){
		"parley": func() {
			t := newTerminal()
			if by, err := time.ParseDuration(os.Getenv(shiftedBy)); err == nil {
				t.now = func() time.Time { return time.Now().Add(by) }
			}
			os.Exit(t.run(os.Args[1:]))
		},
	})
}

// TestPlays plays shell sessions with several people and an intruder. Besides
// the usual words they know:
//
//	code N parley …        it must end with exit code N
//	up NAME ARGS…          start parley in the background; its answer in JSON becomes $NAME_URL and $NAME_LINK
//	down NAME              interrupt it; it must end well
//	flip FILE [OFFSET]     flip one bit of a file
//	sql DIR FILE           change a house's database behind its back
//	grow FILE N            make a file of N bytes
//	field NAME FILE KEY    set $NAME to the value of KEY in the first line of JSON in a file
//	latin, profiles, wide, deep   make odd scenario files; see analysis_plays_test.go
func TestPlays(t *testing.T) {
	running := map[string]*exec.Cmd{}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code":  code,
			"up":    func(ts *testscript.TestScript, _ bool, args []string) { up(ts, running, args) },
			"down":  func(ts *testscript.TestScript, _ bool, args []string) { down(ts, running, args) },
			"flip":  flip,
			"sql":   changeStore,
			"grow":  grow,
			"field": field,
			"latin": latin, "profiles": profiles, "wide": wide, "deep": deep, // analysis_plays_test.go
		},
	})
}

func code(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, not %d", got, want)
	}
}

// up starts a server and waits for its greeting.
func up(ts *testscript.TestScript, running map[string]*exec.Cmd, args []string) {
	name := ts.Getenv("WORK") + args[0]
	program, err := exec.LookPath("parley")
	ts.Check(err)
	c := exec.Command(program, append([]string{"--json"}, args[1:]...)...)
	c.Dir = ts.MkAbs(".")
	c.Env = append(os.Environ(), shiftedBy+"="+ts.Getenv(shiftedBy))
	log, err := os.Create(ts.MkAbs(args[0] + ".log"))
	ts.Check(err)
	c.Stderr = log
	pipe, err := c.StdoutPipe()
	ts.Check(err)
	ts.Check(c.Start())
	running[name] = c
	ts.Defer(func() {
		if running[name] == c {
			c.Process.Kill()
			c.Wait()
		}
	})
	line, err := bufio.NewReader(pipe).ReadString('\n')
	if err != nil {
		text, _ := os.ReadFile(log.Name())
		ts.Fatalf("it did not come up: %v\n%s", err, text)
	}
	go func() { // what it says later is not asked for, but must not hold it up
		_, _ = bufio.NewReader(pipe).WriteTo(os.Stderr)
	}()
	var hello struct{ URL, Link string }
	if json.Unmarshal([]byte(line), &hello) == nil {
		ts.Setenv(args[0]+"_URL", hello.URL)
		ts.Setenv(args[0]+"_LINK", hello.Link)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".hello"), []byte(line), 0o600))
}

func down(ts *testscript.TestScript, running map[string]*exec.Cmd, args []string) {
	name := ts.Getenv("WORK") + args[0]
	c := running[name]
	delete(running, name)
	ts.Check(c.Process.Signal(os.Interrupt))
	if err := c.Wait(); err != nil {
		text, _ := os.ReadFile(ts.MkAbs(args[0] + ".log"))
		ts.Fatalf("it ended with %v\n%s", err, text)
	}
}

func flip(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	text, err := os.ReadFile(path)
	ts.Check(err)
	at := len(text) / 2
	if len(args) > 1 {
		at, err = strconv.Atoi(args[1])
		ts.Check(err)
	}
	text[at] ^= 1
	ts.Check(os.WriteFile(path, text, 0o600))
}

func changeStore(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sql.Open("sqlite", filepath.Join(ts.MkAbs(args[0]), "parley.db"))
	ts.Check(err)
	defer db.Close()
	result, err := db.Exec(ts.ReadFile(args[1]))
	ts.Check(err)
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		ts.Fatalf("nothing was changed: %v", err)
	}
}

func grow(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Repeat("a", n)), 0o600))
}

func field(ts *testscript.TestScript, _ bool, args []string) {
	line, _, _ := strings.Cut(ts.ReadFile(args[1]), "\n")
	var object any
	ts.Check(json.Unmarshal([]byte(line), &object))
	for key := range strings.SplitSeq(args[2], ".") {
		switch o := object.(type) {
		case map[string]any:
			object = o[key]
		case []any:
			i, err := strconv.Atoi(key)
			ts.Check(err)
			object = o[i]
		}
	}
	if object == nil {
		ts.Fatalf("%s has no %s", args[1], args[2])
	}
	ts.Setenv(args[0], fmt.Sprint(object))
}

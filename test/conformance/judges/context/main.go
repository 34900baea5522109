// Reads FUNC_CONTEXT and FUNC_CONTEXT_V1BETA2 as a function framework does, more strictly: each line of standard input
// is the value of one variable as the manifest has it, each line of standard output the verdict.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
)

type question struct {
	// Variable is FUNC_CONTEXT or FUNC_CONTEXT_V1BETA2.
	Variable string `json:"variable"`
	Value    string `json:"value"`
}

type answer struct {
	Error string `json:"error"`
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 16<<20)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var q question
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			fatal(err)
		}
		verdict := answer{}
		if err := judge(q); err != nil {
			verdict.Error = err.Error()
		}
		if err := out.Encode(verdict); err != nil {
			fatal(err)
		}
	}
	if err := in.Err(); err != nil {
		fatal(err)
	}
}

func judge(q question) error {
	text, err := expand(q.Value)
	if err != nil {
		return err
	}
	switch q.Variable {
	case "FUNC_CONTEXT":
		return check(text, &contextV1beta1{})
	case "FUNC_CONTEXT_V1BETA2":
		return check(text, &contextV1beta2{})
	}
	return fmt.Errorf("no such variable: %s", q.Variable)
}

// expand is what Kubernetes makes of an environment value; a reference to a variable has no business in a context.
func expand(value string) (string, error) {
	plain := strings.ReplaceAll(value, "$$", "")
	if strings.Contains(plain, "$") {
		return "", errors.New("a single $ would be expanded by Kubernetes")
	}
	return strings.ReplaceAll(value, "$$", "$"), nil
}

type validated interface{ validate() error }

// check decodes, then writes the context again: the same text means known keys only, each once, in the documented
// order, nothing empty, one line.
func check(text string, into validated) error {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if decoder.More() {
		return errors.New("text after the JSON value")
	}
	if err := into.validate(); err != nil {
		return err
	}
	var again bytes.Buffer
	encoder := json.NewEncoder(&again)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(into); err != nil {
		return err
	}
	if canonical := strings.TrimSuffix(again.String(), "\n"); canonical != text {
		return fmt.Errorf("not canonical:\n  is     %s\n  should %s", text, canonical)
	}
	return nil
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// Dapr's own sidecar injector and resiliency parser, as a filter: each line of standard input is a question, each line
// of standard output its answer, in order.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/dapr/kit/logger"
	corev1 "k8s.io/api/core/v1"

	resiliencyapi "github.com/dapr/dapr/pkg/apis/resiliency/v1alpha1"
	"github.com/dapr/dapr/pkg/resiliency"
)

type question struct {
	// Pod is injected as it would be on its creation.
	Pod *corev1.Pod `json:"pod"`
	// Resiliency is parsed as a sidecar does.
	Resiliency *resiliencyapi.Resiliency `json:"resiliency"`
}

type answer struct {
	Error string `json:"error"`
	// Pod is the injected pod; absent when Dapr leaves the pod alone.
	Pod *corev1.Pod `json:"pod,omitempty"`
	// Ignored are annotations of Dapr that the injector does not know or cannot read.
	Ignored []string `json:"ignored"`
}

func main() {
	logger.ApplyOptionsToLoggers(&logger.Options{OutputLevel: "error"})
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 16<<20)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		if err := out.Encode(judge(in.Bytes())); err != nil {
			fatal(err)
		}
	}
	if err := in.Err(); err != nil {
		fatal(err)
	}
}

func judge(line []byte) answer {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	var q question
	if err := decoder.Decode(&q); err != nil {
		return refused(err)
	}
	if q.Resiliency != nil {
		log := logger.NewLogger("judge")
		log.SetOutput(io.Discard)
		return refused(resiliency.New(log).DecodeConfiguration(q.Resiliency))
	}
	return inject(q.Pod)
}

func refused(err error) answer {
	verdict := answer{Ignored: []string{}}
	if err != nil {
		verdict.Error = err.Error()
	}
	return verdict
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

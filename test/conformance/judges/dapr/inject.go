package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/dapr/dapr/pkg/injector/consts"
	"github.com/dapr/dapr/pkg/injector/patcher"
)

// inject is what the webhook of a Dapr installed with its default Helm values answers.
func inject(pod *corev1.Pod) answer {
	config := patcher.NewSidecarConfig(pod)
	config.Mode = consts.ModeKubernetes
	config.Namespace = pod.Namespace
	config.MTLSEnabled = true
	config.Identity = pod.Namespace + ":" + pod.Spec.ServiceAccountName
	config.ImagePullPolicy = corev1.PullIfNotPresent
	config.RunAsNonRoot = true
	config.ReadOnlyRootFilesystem = true
	config.ControlPlaneNamespace = "dapr-system"
	config.ControlPlaneTrustDomain = "cluster.local"
	config.OperatorAddress = patcher.ServiceAPI.Address("dapr-system", "cluster.local")
	config.SentryAddress = patcher.ServiceSentry.Address("dapr-system", "cluster.local")
	config.PlacementAddress = patcher.ServicePlacement.Address("dapr-system", "cluster.local")
	config.CurrentTrustAnchors = []byte("anchors")
	config.SidecarImage = "docker.io/daprio/daprd:1.16.0"
	config.SetFromPodAnnotations()

	verdict := refused(nil)
	verdict.Ignored = ignored(pod.Annotations)
	patch, err := config.GetPatch()
	if err != nil {
		return refused(err)
	}
	if len(patch) == 0 {
		return verdict
	}
	before, err := json.Marshal(pod)
	if err != nil {
		fatal(err)
	}
	after, err := patch.Apply(before)
	if err != nil {
		return refused(err)
	}
	verdict.Pod = &corev1.Pod{}
	if err := json.Unmarshal(after, verdict.Pod); err != nil {
		return refused(err)
	}
	return verdict
}

// ignored lists the annotations that Dapr drops with no more than a line in the injector's log.
func ignored(annotations map[string]string) []string {
	known := map[string]reflect.Kind{}
	config := reflect.TypeFor[patcher.SidecarConfig]()
	for i := range config.NumField() {
		field := config.Field(i)
		kind := field.Type.Kind()
		if kind == reflect.Pointer {
			kind = field.Type.Elem().Kind()
		}
		known[field.Tag.Get("annotation")] = kind
	}
	found := []string{}
	for key, value := range annotations {
		if !strings.HasPrefix(key, "dapr.io/") {
			continue
		}
		switch kind := known[key]; kind {
		case reflect.Invalid:
			found = append(found, fmt.Sprintf("%s is unknown", key))
		case reflect.Int, reflect.Int32:
			if _, err := strconv.ParseInt(value, 10, 32); err != nil {
				found = append(found, fmt.Sprintf("%s: %q is not a number", key, value))
			}
		}
	}
	slices.Sort(found)
	return found
}

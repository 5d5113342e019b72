/** Two Deployments, a Service and a ConfigMap, as they lie in a repository. */
export const KUBERNETES_FILES: Readonly<Record<string, string>> = {
  'deploy/app.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  selector: { matchLabels: { app: orders } }
  template:
    metadata: { labels: { app: orders } }
    spec:
      containers:
        - name: orders
          image: ghcr.io/acme/acme-orders:1.4
          ports: [{ name: web, containerPort: 3000 }]
          env:
            - { name: LEVEL, valueFrom: { configMapKeyRef: { name: settings, key: level } } }
          readinessProbe: { httpGet: { path: /healthz, port: web }, periodSeconds: 5 }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: front }
spec:
  selector: { matchLabels: { app: front } }
  template:
    metadata: { labels: { app: front } }
    spec:
      containers:
        - name: front
          image: front
          command: [sh, -c, 'exec node client.js']
          ports: [{ containerPort: 8080 }]
          env:
            - { name: ORDERS_URL, value: 'http://orders-api.shop.svc.cluster.local' }
          readinessProbe: { httpGet: { path: /health, port: 8080 } }
`,
  'deploy/more.yaml': `apiVersion: v1
kind: Service
metadata: { name: orders-api }
spec: { selector: { app: orders }, ports: [{ port: 80, targetPort: web }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { level: debug }
`,
};

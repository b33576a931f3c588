import { classFacts } from "../facts";
import { error, ok, stack, table, unread, warning } from "./cluster";
import { beta, own, classless } from "./general-fixtures";

describe("preflight of any cluster", () => {
  table("default-class", [
    { title: "nobody else's", says: [ok("disk is the only default class after the update")] },
    {
      title: "another's, before the first update",
      facts: { classes: [classFacts("standard", { isDefault: true })] },
      says: [ok("disk is the only default class after the update, which takes the flag from standard")],
    },
    {
      title: "two at once",
      facts: { classes: [own(), classFacts("standard", { isDefault: true })] },
      says: [
        warning(
          "disk and standard are all the default class now, so a claim without a class may get any of them",
          "update the stack, which takes its flag from standard",
        ),
      ],
    },
    {
      title: "another's by the old annotation",
      facts: { classes: [classFacts("old", { isDefault: true, isDefaultByBeta: true })] },
      says: [
        error(
          `old stays a default class besides the stack's, by the old annotation ${beta}`,
          `kubectl annotate storageclass old ${beta}-`,
        ),
      ],
    },
    {
      title: "an addon manager's",
      facts: {
        classes: [
          classFacts("standard", { isDefault: true, labels: { "addonmanager.kubernetes.io/mode": "Reconcile" } }),
        ],
      },
      says: [
        error(
          "standard becomes a default class again within a minute: the cluster's addon manager sets its flag",
          "switch the addon off; with Minikube: minikube addons disable default-storageclass",
        ),
      ],
    },
    {
      title: "k3s's",
      facts: {
        classes: [classFacts("local-path", { isDefault: true, labels: { "objectset.rio.cattle.io/hash": "1" } })],
      },
      says: [
        warning(
          "local-path may become a default class again: k3s sets its flag when a server starts",
          "start the k3s servers with --disable=local-storage",
        ),
      ],
    },
    {
      title: "a stack without classes",
      stack: classless,
      says: [ok("no class is the default, and the stack needs none")],
    },
    {
      title: "a stack without classes, and the cluster's own",
      stack: classless,
      facts: { classes: [classFacts("standard", { isDefault: true })] },
      says: [ok("standard stays the default class: the stack makes none")],
    },
    {
      title: "a stack without classes, and two of the cluster's",
      stack: classless,
      facts: { classes: [classFacts("a", { isDefault: true }), classFacts("b", { isDefault: true })] },
      says: [
        warning(
          "a and b are all the default class, so a claim without a class may get any of them",
          "kubectl annotate storageclass a storageclass.kubernetes.io/is-default-class=false --overwrite",
        ),
      ],
    },
    {
      title: "a stack without classes that takes the flag away",
      stack: { ...classless, plan: { ...classless.plan, switchOff: ["standard"] } },
      facts: { classes: [classFacts("standard", { isDefault: true })] },
      says: [
        warning(
          "after the update no class is the default: the stack has none, and takes the flag from standard",
          "let one of its backends be the default (default: true), or run it on a cluster of its own",
        ),
      ],
    },
    { title: "unread", facts: { classes: undefined }, says: [unread("StorageClasses")] },
  ]);

  table("class-foreign", [
    {
      title: "none, or the stack's own",
      facts: { classes: [own()] },
      says: [ok("none of the stack's classes has the name of another owner's class")],
    },
    {
      title: "somebody's",
      facts: { classes: [classFacts("disk", { provisioner: "rancher.io/local-path" })] },
      says: [
        error(
          "StorageClass disk is there already and belongs to somebody else (rancher.io/local-path)",
          "give this stack's another name in cluster-storage:backends.disk.class, or use the one that is " +
            "there: a backend of type existing",
        ),
      ],
    },
    {
      title: "another stack's",
      facts: { classes: [own({ stack: "test/dev" })] },
      says: [
        error(
          "StorageClass disk is there already and belongs to stack test/dev",
          "give this stack's another name in cluster-storage:backends.disk.class, or use the one that is " +
            "there: a backend of type existing; if test/dev was this stack's name: npm run recover -- --renamed-from " +
            "dev --stack prod",
        ),
      ],
    },
    {
      title: "a stack without classes of its own",
      stack: stack({ there: { type: "existing", class: "standard", accessModes: ["ReadWriteOnce"], default: true } }),
      says: [ok("the stack makes no class")],
    },
  ]);
});

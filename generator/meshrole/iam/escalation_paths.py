"""The documented ways in which permissions become more permissions, as a table. Each has its page.

The ids are those of https://pathfinding.cloud; what a passed role means:
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from collections.abc import Iterator
from dataclasses import dataclass

SOURCE = "https://pathfinding.cloud/paths/"
# Rows that the catalogue has no page for.
PAGES = {
    "boundary-removed": "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePermissionsBoundary.html",
    "boundary-changed": "https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePermissionsBoundary.html",
    "default-version": "https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetDefaultPolicyVersion.html",
}
PASS = "iam:PassRole"


@dataclass(frozen=True, slots=True)
class Path:
    """A way up: whoever may do all `actions` takes it. `on` is what the first is done on: role, policy, user, group or any.

    One that is `existing` works through what somebody has made already, and counts where the actions are not held to what the
    policy names.
    """

    id: str
    actions: tuple[str, ...]
    on: str
    existing: bool
    gain: str

    @property
    def source(self) -> str:
        """The page that describes it."""
        return PAGES.get(self.id, SOURCE + self.id)


def _paths(table: str, on: str, gain: str, *, existing: bool = False, first: tuple[str, ...] = ()) -> Iterator[Path]:
    """A path of each line: its id and its actions."""
    for line in table.strip().splitlines():
        name, *actions = line.split()
        yield Path(name, (*first, *actions), on, existing, gain)


ROLES = """
iam-005 iam:PutRolePolicy
iam-009 iam:AttachRolePolicy
iam-012 iam:UpdateAssumeRolePolicy
"""
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
BOUNDARIES = """
boundary-removed iam:DeleteRolePermissionsBoundary
boundary-changed iam:PutRolePermissionsBoundary
"""
POLICIES = """
iam-001 iam:CreatePolicyVersion
default-version iam:SetDefaultPolicyVersion
"""
USERS = """
iam-002 iam:CreateAccessKey
iam-004 iam:CreateLoginProfile
iam-006 iam:UpdateLoginProfile
iam-007 iam:PutUserPolicy
iam-008 iam:AttachUserPolicy
"""
GROUPS = """
iam-010 iam:AttachGroupPolicy
iam-011 iam:PutGroupPolicy
iam-013 iam:AddUserToGroup
"""
PASSED = """
apprunner-001 apprunner:CreateService
bedrock-001 bedrock-agentcore:CreateCodeInterpreter bedrock-agentcore:InvokeCodeInterpreter
cloudformation-001 cloudformation:CreateStack
cloudformation-003 cloudformation:CreateStackSet cloudformation:CreateStackInstances
cloudformation-004 cloudformation:UpdateStackSet
codebuild-001 codebuild:CreateProject codebuild:StartBuild
codebuild-004 codebuild:CreateProject codebuild:StartBuildBatch
datapipeline-001 datapipeline:CreatePipeline datapipeline:PutPipelineDefinition datapipeline:ActivatePipeline
ec2-001 ec2:RunInstances
ec2-003 ec2:RequestSpotInstances
ecs-003 ecs:RegisterTaskDefinition ecs:CreateService
ecs-004 ecs:RegisterTaskDefinition ecs:RunTask
ecs-005 ecs:RegisterTaskDefinition ecs:StartTask
glue-001 glue:CreateDevEndpoint
glue-003 glue:CreateJob glue:StartJobRun
glue-004 glue:CreateJob glue:CreateTrigger
glue-005 glue:UpdateJob glue:StartJobRun
glue-006 glue:UpdateJob glue:CreateTrigger
lambda-001 lambda:CreateFunction lambda:InvokeFunction
lambda-002 lambda:CreateFunction lambda:CreateEventSourceMapping
lambda-006 lambda:CreateFunction lambda:AddPermission
sagemaker-001 sagemaker:CreateNotebookInstance
sagemaker-002 sagemaker:CreateTrainingJob
sagemaker-003 sagemaker:CreateProcessingJob
"""
EXISTING = """
apprunner-002 apprunner:UpdateService
bedrock-002 bedrock-agentcore:StartCodeInterpreterSession bedrock-agentcore:InvokeCodeInterpreter
cloudformation-002 cloudformation:UpdateStack
cloudformation-005 cloudformation:CreateChangeSet cloudformation:ExecuteChangeSet
codebuild-002 codebuild:StartBuild
codebuild-003 codebuild:StartBuildBatch
ec2instanceconnect-003 ec2-instance-connect:SendSSHPublicKey
ec2-002 ec2:ModifyInstanceAttribute ec2:StopInstances ec2:StartInstances
ec2-004 ec2:CreateLaunchTemplateVersion ec2:ModifyLaunchTemplate
glue-002 glue:UpdateDevEndpoint
lambda-003 lambda:UpdateFunctionCode
sagemaker-004 sagemaker:CreatePresignedNotebookInstanceUrl
sagemaker-005 sagemaker:CreateNotebookInstanceLifecycleConfig sagemaker:UpdateNotebookInstance
ssm-001 ssm:StartSession
ssm-002 ssm:SendCommand
sts-001 sts:AssumeRole
"""
PATHS = (
    *_paths(ROLES, "role", "it changes what a role may do, or who may be it"),
    *_paths(BOUNDARIES, "role", "what the boundary refuses is allowed once it is off"),
    *_paths(POLICIES, "policy", "it rewrites a policy that roles have"),
    *_paths(USERS, "user", "it becomes a user, or gives one more"),
    *_paths(GROUPS, "group", "it gives the users of a group more, or joins it"),
    *_paths(PASSED, "role", "it runs code as a role that it passes to a service", first=(PASS,)),
    *_paths(EXISTING, "any", "it acts as the role of what somebody else has made", existing=True),
)

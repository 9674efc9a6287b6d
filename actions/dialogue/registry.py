"""All actions of the dialogue, made once by the action server."""

from __future__ import annotations

from rasa_sdk import Action

from actions.dialogue import (
    account,
    address,
    advice,
    cancel,
    change,
    delivery,
    doubt,
    finding,
    handoff,
    invoice,
    language,
    own_data,
    parcel,
    payment,
    refunds,
    returning,
    review,
    rewards,
    small,
    stock,
    stores,
    track,
    wishes,
    wrong,
)
from actions.dialogue.simple import Simple
from actions.dialogue.task import Task
from actions.tools import Tools

SIMPLE: tuple[type[Simple], ...] = (
    small.Greet,
    small.Goodbye,
    small.Affirm,
    small.Deny,
    small.Inform,
    small.NeverMind,
    small.Repeat,
    language.ChangeLanguage,
    doubt.AskReading,
    handoff.Handoff,
    handoff.HandedBack,
    handoff.Complaint,
    track.ListOrders,
    delivery.DeliveryOptions,
    delivery.DeliveryTime,
    payment.PaymentMethods,
    refunds.RefundPolicy,
    finding.FindProduct,
    stores.StoreLocations,
    stores.OpeningHours,
    stores.SentPlace,
    handoff.SentFile,
    rewards.LoyaltyPoints,
    rewards.Offers,
    own_data.NewsletterSubscribe,
    own_data.NewsletterUnsubscribe,
    own_data.MyData,
    wishes.SetPreference,
    wishes.ShowPreferences,
)

TASKS: tuple[type[Task], ...] = (
    track.TrackOrder,
    cancel.CancelOrder,
    change.ChangeOrder,
    address.ChangeAddress,
    change.GiftWrap,
    invoice.GetInvoice,
    parcel.LateParcel,
    parcel.LostParcel,
    wrong.DamagedItem,
    wrong.WrongItem,
    returning.ReturnItem,
    returning.ExchangeItem,
    returning.GetRefund,
    refunds.RefundStatus,
    payment.PaymentProblem,
    account.CreateAccount,
    account.EditAccount,
    account.DeleteAccount,
    own_data.RecoverPassword,
    review.LeaveReview,
    stock.CheckStock,
    stock.SizeHelp,
    advice.Recommend,
    wishes.ForgetPreferences,
)


def actions(tools: Tools) -> list[Action]:
    """One of each; a task brings its two."""
    simple: list[Action] = [kind(tools) for kind in SIMPLE]
    return [*simple, *(action for kind in TASKS for action in kind().actions(tools))]
